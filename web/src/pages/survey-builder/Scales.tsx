import {Trans, useLingui} from '@lingui/react/macro';
import {ActionIcon, Button, Chip, Group, NumberInput, SegmentedControl, Select, Stack, Switch, Text, Textarea, TextInput} from '@mantine/core';
import {IconPlus, IconTrash} from '@tabler/icons-react';
import {number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {useLevelNames} from '@/shared/surveys/words';
import {rangeOf, withScale, withScaleChanged} from './edit';
import {idOf, useField} from './fields';
import type {Draft, DraftScale} from './queries';
import type {SectionProps} from './Questions';
import classes from './builder.module.css';

type Bands = Extract<DraftScale['cutoffs'], {bands: unknown}>;
type Change = (change: Partial<DraftScale>) => void;

function Levels({draft, scale, at, change}: {draft: Draft; scale: DraftScale; at: number; change: Change}) {
  const {t} = useLingui();
  const field = useField();
  const levels = useLevelNames();
  const place = `/scales/${at}/cutoffs`;
  const [least, greatest] = rangeOf(draft, scale);
  const given = 'bands' in scale.cutoffs;
  const turn = (on: boolean) => change({cutoffs: on
    ? {bands: [{from: least, category: 'low'}, {from: (least + greatest) / 2, category: 'high'}], source: ''}
    : {none: t`No levels were agreed: compare a person with their own earlier answers.`}});
  const put = (next: Partial<Bands>) => change({cutoffs: {...(scale.cutoffs as Bands), ...next}});
  return (
    <Stack gap="xs">
      <Switch label={<Trans>Scores are called low, moderate or high</Trans>} aria-label={t`Scores are called low, moderate or high: scale ${at + 1}`} checked={given} onChange={({currentTarget: {checked}}) => turn(checked)} />
      {!('bands' in scale.cutoffs) ? (
        <Textarea {...field(`${place}/none`)} label={<Trans>Why there are no levels</Trans>} autosize maxLength={2000} value={scale.cutoffs.none} onChange={({currentTarget: {value}}) => change({cutoffs: {none: value}})} />
      ) : (
        <>
          {scale.cutoffs.bands.map((band, each, all) => {
            const from = field(`${place}/bands/${each}/from`), category = field(`${place}/bands/${each}/category`);
            const bands = (next: Partial<typeof band>) => put({bands: all.map((other, index) => (index === each ? {...other, ...next} : other))});
            return (
              <Group key={each} gap="sm" align="flex-start" wrap="nowrap">
                <NumberInput {...from} label={each === 0 ? <Trans>From the score</Trans> : undefined} aria-label={t`Level ${each + 1} begins at`} w={130} disabled={each === 0} value={band.from} decimalScale={2}
                  onChange={(value) => typeof value === 'number' && bands({from: value})} />
                <Select {...category} label={each === 0 ? <Trans>it is</Trans> : undefined} aria-label={t`Level ${each + 1} is called`} flex={1} allowDeselect={false} value={band.category ?? ''}
                  data={[...(['low', 'moderate', 'high'] as const).map((value) => ({value: value as string, label: levels[value]!})), {value: '', label: t`not named`}]}
                  onChange={(value) => bands({category: (value || null) as typeof band.category})} />
                <ActionIcon variant="subtle" color="gray" mt={each === 0 ? 28 : 4} disabled={each === 0 || all.length < 3} aria-label={t`Remove level ${each + 1}`} onClick={() => put({bands: all.filter((_, index) => index !== each)})}><IconTrash size={16} aria-hidden /></ActionIcon>
              </Group>
            );
          })}
          {field(place).error && <Text size="sm" c="var(--mantine-color-error)" id={idOf(place)} tabIndex={-1}>{field(place).error}</Text>}
          {scale.cutoffs.bands.length < 3 && (
            <Group><Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => put({bands: [{from: least, category: 'low'}, {from: least + (greatest - least) / 3, category: 'moderate'}, {from: least + (2 * (greatest - least)) / 3, category: 'high'}]})}><Trans>Three levels</Trans></Button></Group>
          )}
          <Textarea {...field(`${place}/source`)} label={<Trans>Where the levels were published or agreed</Trans>} autosize maxLength={2000} value={scale.cutoffs.source} onChange={({currentTarget: {value}}) => put({source: value})} />
        </>
      )}
    </Stack>
  );
}

function OneScale({draft, scale, at, change, onRemove}: {draft: Draft; scale: DraftScale; at: number; change: Change; onRemove: () => void}) {
  const {t} = useLingui();
  const field = useField();
  const place = `/scales/${at}`;
  const [least, greatest] = rangeOf(draft, scale);
  const title = scale.title || t`Scale ${at + 1}`;
  return (
    <fieldset className={classes.scale}>
      <legend><Text span fw={600} px={6}>{title}</Text></legend>
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <TextInput {...field(`${place}/title`)} flex="1 1 220px" label={<Trans>Title of the scale</Trans>} maxLength={300} value={scale.title} onChange={({currentTarget: {value}}) => change({title: value})} />
          <TextInput {...field(`${place}/id`)} flex="0 1 180px" label={<Trans>Short name</Trans>} maxLength={60} value={scale.id} onChange={({currentTarget: {value}}) => change({id: value.toLowerCase().replace(/[^a-z_]/g, '')})} />
        </Group>
        <div role="group" aria-label={t`Questions of ${title}`}>
          <Text size="sm" fw={500} mb={4}><Trans>Its questions</Trans></Text>
          <Chip.Group multiple value={scale.items.map(String)} onChange={(items) => change({
            items: items.map(Number).sort((a, b) => a - b),
            minimum_answered: Math.max(1, scale.minimum_answered === scale.items.length || scale.minimum_answered > items.length ? items.length : scale.minimum_answered),
          })}>
            <div className={classes.items} id={idOf(`${place}/items`)} tabIndex={-1}>{Array.from({length: draft.items}, (_, item) => <Chip key={item} size="xs" value={String(item + 1)}>{item + 1}</Chip>)}</div>
          </Chip.Group>
          {field(`${place}/items`).error && <Text size="sm" mt={4} c="var(--mantine-color-error)">{field(`${place}/items`).error}</Text>}
        </div>
        <Group align="flex-start" gap="sm">
          <Select flex="1 1 170px" label={<Trans>Its score is</Trans>} allowDeselect={false} value={scale.score} data={[{value: 'sum', label: t`the sum`}, {value: 'mean', label: t`the mean`}, {value: 'percent', label: t`per cent of the range`}]}
            description={<Trans>from {number(least)} to {number(greatest)}</Trans>} inputWrapperOrder={['label', 'input', 'description', 'error']} onChange={(value) => value && change({score: value})} />
          <Select flex="1 1 170px" label={<Trans>A higher score means</Trans>} allowDeselect={false} value={scale.higher_means} data={[{value: 'more strain', label: t`more strain`}, {value: 'less strain', label: t`less strain`}]} onChange={(value) => value && change({higher_means: value})} />
          <NumberInput {...field(`${place}/minimum_answered`)} flex="1 1 170px" label={<Trans>Answers that it needs</Trans>} description={<Trans>with fewer there is no score</Trans>} inputWrapperOrder={['label', 'input', 'description', 'error']} min={1} max={Math.max(1, scale.items.length)} clampBehavior="strict" allowDecimal={false} value={scale.minimum_answered}
            onChange={(value) => typeof value === 'number' && change({minimum_answered: value})} />
        </Group>
        <div id={idOf(`${place}/kind`)} tabIndex={-1}>
          <SegmentedControl aria-label={t`Kind of scale ${at + 1}`} value={scale.kind} onChange={(kind) => change({kind})} data={[{value: 'subscale', label: t`A subscale`}, {value: 'total', label: t`A total of several`}]} />
          {field(`${place}/kind`).error && <Text size="sm" mt={4} c="var(--mantine-color-error)">{field(`${place}/kind`).error}</Text>}
        </div>
        <Levels draft={draft} scale={scale} at={at} change={change} />
        <Group><Button size="compact-sm" variant="subtle" color="gray" c="var(--py-ink-soft)" leftSection={<IconTrash size={14} aria-hidden />} disabled={draft.scales.length === 1} aria-label={t`Remove this scale: ${title}`} onClick={onRemove}><Trans>Remove this scale</Trans></Button></Group>
      </Stack>
    </fieldset>
  );
}

/** Which questions make which score, how it is counted, and what it is called. */
export function Scales({draft, edit}: SectionProps) {
  const {t} = useLingui();
  const field = useField();
  return (
    <Card title={<Trans>Scales and scores</Trans>} lead={<Trans>Each scale is one score of some of the questions. A question belongs to one subscale; a total may take all.</Trans>}>
      <Stack gap="md">
        {draft.scales.map((scale, at) => (
          <OneScale key={at} draft={draft} scale={scale} at={at} change={(change) => edit((before) => withScaleChanged(before, at, change))}
            onRemove={() => edit((before) => ({...before, scales: before.scales.filter((_, each) => each !== at)}))} />
        ))}
        <Group justify="space-between">
          <Button id={idOf('/scales')} variant="default" leftSection={<IconPlus size={16} aria-hidden />} disabled={draft.scales.length >= 30}
            onClick={() => edit((before) => withScale(before, t`No levels were agreed: compare a person with their own earlier answers.`))}><Trans>Add a scale</Trans></Button>
          <Switch label={<Trans>Scales must never be added up</Trans>} checked={draft.keep_apart} onChange={({currentTarget: {checked}}) => edit((before) => ({...before, keep_apart: checked}))} />
        </Group>
        {field('/scales').error && <Text size="sm" c="var(--mantine-color-error)">{field('/scales').error}</Text>}
      </Stack>
    </Card>
  );
}
