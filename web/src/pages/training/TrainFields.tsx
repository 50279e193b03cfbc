import {Trans, useLingui} from '@lingui/react/macro';
import {Accordion, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Text} from '@mantine/core';
import {presets, type Preset, type TrainOptions} from './runs';

interface Props {
  options: TrainOptions;
  preset: Preset | 'own';
  onChange: (options: TrainOptions, preset: Preset | 'own') => void;
}

const numeric = (value: number | string) => (typeof value === 'number' ? value : undefined);

/** How to train: a preset, and every parameter for those who want it. */
export function TrainFields({options, preset, onChange}: Props) {
  const {t} = useLingui();
  const change = (some: TrainOptions) => onChange({...options, ...some}, 'own');
  const about: Record<Preset | 'own', string> = {
    quick: t`A small network, 12 epochs: shows within minutes whether the data can be learnt at all.`,
    standard: t`A middle-sized network, up to 40 epochs; rare classes weigh more.`,
    thorough: t`A large network, up to 120 epochs; ends when nothing gets better for 25. Hours on a processor.`,
    own: t`Your own parameters.`,
  };
  return (
    <Stack gap="sm">
      <Stack gap={4}>
        <SegmentedControl value={preset} aria-label={t`How thoroughly`} onChange={(value) => { if (value !== 'own') onChange({...presets[value as Preset], ...(options.seed === undefined ? {} : {seed: options.seed})}, value as Preset); }}
          data={[{value: 'quick', label: t`Quick try`}, {value: 'standard', label: t`Standard`}, {value: 'thorough', label: t`Thorough`}, ...(preset === 'own' ? [{value: 'own', label: t`Own`}] : [])]} />
        <Text size="sm" c="dimmed">{about[preset]}</Text>
      </Stack>
      <Accordion variant="default" chevronPosition="left">
        <Accordion.Item value="all">
          <Accordion.Control><Text size="sm"><Trans>All parameters</Trans></Text></Accordion.Control>
          <Accordion.Panel>
            <SimpleGrid cols={{base: 1, xs: 2}} spacing="sm">
              <NumberInput label={<Trans>Epochs</Trans>} min={1} max={10000} value={options.epochs ?? 60} onChange={(value) => change({epochs: numeric(value)})} />
              <NumberInput label={<Trans>Pictures a step</Trans>} min={2} max={4096} value={options.batch ?? 64} onChange={(value) => change({batch: numeric(value)})} />
              <NumberInput label={<Trans>Learning rate</Trans>} min={0.0001} max={10} step={0.01} decimalScale={5} value={options.learning_rate ?? 0.06} onChange={(value) => change({learning_rate: numeric(value)})} />
              <Select label={<Trans>Network</Trans>} allowDeselect={false} value={options.net ?? 'residual'} onChange={(net) => change({net: (net ?? undefined) as TrainOptions['net'], channels: undefined, blocks: undefined})}
                data={[{value: 'residual', label: t`Residual`}, {value: 'vgg', label: 'VGG'}, {value: 'ednn', label: t`EDNN (published, small)`}]} />
              <NumberInput label={<Trans>Dropout</Trans>} min={0} max={0.9} step={0.05} decimalScale={2} value={options.dropout ?? 0.2} onChange={(value) => change({dropout: numeric(value)})} />
              <Select label={<Trans>Optimiser</Trans>} allowDeselect={false} value={options.optimiser ?? 'sgd'} onChange={(optimiser) => change({optimiser: (optimiser ?? undefined) as TrainOptions['optimiser']})} data={[{value: 'sgd', label: 'SGD (Nesterov)'}, {value: 'adamw', label: 'AdamW'}]} />
              <Select label={<Trans>Rare classes</Trans>} allowDeselect={false} value={options.balance ?? 'none'} onChange={(balance) => change({balance: (balance ?? undefined) as TrainOptions['balance']})}
                data={[{value: 'none', label: t`Nothing special`}, {value: 'loss', label: t`Weigh more`}, {value: 'sampling', label: t`Are drawn more often`}]} />
              <NumberInput label={<Trans>Patience (epochs)</Trans>} description={<Trans>0: all epochs.</Trans>} min={0} max={10000} value={options.patience ?? 0} onChange={(value) => change({patience: numeric(value)})} />
              <NumberInput label={<Trans>Held out</Trans>} description={<Trans>The share of pictures to choose the epoch on.</Trans>} min={0} max={0.9} step={0.05} decimalScale={2} value={options.hold_out ?? 0.1} onChange={(value) => change({hold_out: numeric(value)})} />
              <NumberInput label={<Trans>Seed</Trans>} description={<Trans>The same seed gives the same run.</Trans>} min={0} max={4294967295} value={options.seed ?? 1} onChange={(value) => change({seed: numeric(value)})} />
            </SimpleGrid>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}
