import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Alert, Badge, Box, Button, Group, Select, SegmentedControl, Stack, Text} from '@mantine/core';
import {IconCopyCheck} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {emotions, type Emotion} from '@/app/theme';
import {number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import {tellWithUndo} from '@/shared/ui/toasts';
import {useEmotionNames} from '@/shared/ui/emotions';
import {duplicatesQuery, thumbnail, usePictureDeeds, type Twins} from './queries';
import {inverse} from './selection';

type Group_ = Twins['rows'][number];

function OneGroup({dataset, group}: {dataset: string; group: Group_}) {
  const {t} = useLingui();
  const names = useEmotionNames();
  const {label, remove} = usePictureDeeds(dataset);
  const give = (to: Emotion) => {
    label.mutate([{ids: group.pictures.map(({id}) => id), label: to}], {
      onSuccess: () => tellWithUndo(<Trans>All of them are labelled {names[to]}.</Trans>, () => label.mutate(inverse(group.pictures))),
    });
  };
  return (
    <Box className="py-paper" p="sm">
      <Group gap="sm" align="flex-start">
        {group.pictures.map((picture) => (
          <Stack key={picture.id} gap={4} align="center" w={120}>
            <Box component="img" src={thumbnail(dataset, picture.id)} alt={picture.name} w={96} h={96} style={{borderRadius: 8, objectFit: 'cover', background: 'var(--py-line)'}} />
            <Text size="xs" truncate maw={116} title={picture.name}>{picture.name.split('/').at(-1)}</Text>
            <Badge variant={group.conflict ? 'filled' : 'light'} color={group.conflict ? 'ember' : 'petrol'} tt="none" radius="sm">{picture.label ? names[picture.label] : t`no label`}</Badge>
            <Button size="compact-xs" variant="default" loading={remove.isPending} onClick={() => remove.mutate(group.pictures.filter(({id}) => id !== picture.id).map(({id}) => id))}><Trans>Keep only this</Trans></Button>
          </Stack>
        ))}
        <Select size="xs" w={150} label={<Trans>Label all</Trans>} placeholder={t`Choose`} value={null} onChange={(value) => { if (value) give(value as Emotion); }} data={emotions.map((each) => ({value: each, label: names[each]}))} />
      </Group>
    </Box>
  );
}

const kShown = 50;

/** The same picture twice, above all in two classes: what a model learns from such pictures contradicts itself. */
export function Duplicates({dataset}: {dataset: string}) {
  const {t} = useLingui();
  const {data, error, refetch} = useQuery(duplicatesQuery(dataset));
  const {remove} = usePictureDeeds(dataset);
  const [kind, setKind] = useState<'exact' | 'near'>('exact');
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const twins = data[kind];
  const conflicts = data.exact.conflicts + data.near.conflicts;
  const spare = data.exact.rows.filter(({conflict}) => !conflict).flatMap(({pictures}) => pictures.slice(1).map(({id}) => id));
  return (
    <Stack>
      {conflicts > 0 && (
        <Alert variant="light" color="ember" title={<Plural value={conflicts} one="# picture stands in two classes" other="# pictures stand in two classes" />}>
          <Trans>A model cannot learn both. Decide for one label, or keep only one of them.</Trans>
        </Alert>
      )}
      <Card title={t`Duplicates`} lead={<Trans>Of {number(data.pictures)} pictures. Exact: pixel for pixel. Near: looks the same, for example in another size.</Trans>}>
        <Stack>
          <Group justify="space-between">
            <SegmentedControl size="xs" value={kind} onChange={(value) => setKind(value as typeof kind)} aria-label={t`Which duplicates`}
              data={[{value: 'exact', label: t`Exact (${data.exact.groups})`}, {value: 'near', label: t`Near (${data.near.groups})`}]} />
            {kind === 'exact' && spare.length > 0 && (
              <ConfirmButton size="xs" title={t`Keep one of each?`} verb={t`Remove`} onConfirm={async () => { await remove.mutateAsync(spare).catch(() => undefined); }}
                question={<Plural value={spare.length} one="# picture that is there twice under the same label is erased; one of each stays. Conflicts are left to you." other="# pictures that are there twice under the same label are erased; one of each stays. Conflicts are left to you." />}><Trans>Keep one of each</Trans></ConfirmButton>
            )}
          </Group>
          {twins.rows.length === 0 ? <EmptyState icon={IconCopyCheck} title={kind === 'exact' ? <Trans>No picture is there twice</Trans> : <Trans>No two pictures look the same</Trans>} /> : (
            twins.rows.slice(0, kShown).map((group) => <OneGroup key={group.pictures.map(({id}) => id).join()} dataset={dataset} group={group} />)
          )}
          {twins.groups > kShown && <Text size="sm" c="dimmed"><Trans>The first {kShown}, conflicts before all others; the next ones follow when these are resolved.</Trans></Text>}
        </Stack>
      </Card>
    </Stack>
  );
}
