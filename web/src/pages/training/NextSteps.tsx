import {Trans, useLingui} from '@lingui/react/macro';
import {Button, CopyButton, Group, Stack, Stepper, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import type {Job} from '@/shared/jobs/jobs';
import {modelsQuery} from '@/shared/jobs/useModels';
import {AnchorLink} from '@/shared/ui/AnchorLink';

/** From a trained network to a model in use: taken in, compared, promoted. Who does what. */
export function NextSteps({job}: {job: Job}) {
  const {t} = useLingui();
  const {data} = useQuery({...modelsQuery, refetchOnWindowFocus: true});
  const model = data?.rows.find(({source}) => source.includes(job.id));
  const inUse = model?.meant_by.includes('expression') ?? false;
  const address = `${location.origin}/models?job=${job.id}`;
  return (
    <Stack>
      <Stepper active={!model ? 1 : inUse ? 4 : 2} orientation="vertical" size="sm" iconSize={30}>
        <Stepper.Step label={t`Trained`} description={t`Its files are below.`} />
        <Stepper.Step label={t`Taken into the registry`} description={model ? t`As ${model.reference}.` : t`An administrator does this.`} />
        <Stepper.Step label={t`Judged`} description={t`Against the model in use, on pictures that neither has learnt from.`} />
        <Stepper.Step label={t`Promoted`} description={inUse ? t`It is in use.` : t`An administrator does this; it can be rolled back.`} />
      </Stepper>
      {!model ? (
        <Stack gap="xs">
          <Text size="sm"><Trans>Send this address to an administrator:</Trans></Text>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" ff="monospace" truncate>{address}</Text>
            <CopyButton value={address}>{({copied, copy}) => <Button size="compact-sm" variant="default" style={{flexShrink: 0}} onClick={copy}>{copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}</Button>}</CopyButton>
          </Group>
        </Stack>
      ) : (
        <Text size="sm"><AnchorLink to="/models/$model" params={{model: model.reference}}><Trans>Open {model.reference}: card, comparison, audit</Trans></AnchorLink></Text>
      )}
    </Stack>
  );
}
