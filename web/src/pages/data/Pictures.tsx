import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Box, Button, Grid, Group, Kbd, Stack, Text} from '@mantine/core';
import {IconArrowBackUp, IconPhotoPlus} from '@tabler/icons-react';
import {useInfiniteQuery} from '@tanstack/react-query';
import {useCallback, useMemo, useReducer, useState, type KeyboardEvent} from 'react';
import {emotions} from '@/app/theme';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {tell} from '@/shared/ui/toasts';
import {useEmotionColours, useEmotionNames} from '@/shared/ui/emotions';
import {AddPictures} from './AddPictures';
import {Classes} from './Classes';
import {PictureGrid} from './PictureGrid';
import {image, picturesQuery, usePictureDeeds, type Filter} from './queries';
import {inverse, labelOfKey, moved, noSelection, type Change, type Label} from './selection';

const kMostUndone = 100;

/** The pictures of a data set: put in, look through, label by keyboard. */
export function Pictures({dataset}: {dataset: string}) {
  const {t} = useLingui();
  const names = useEmotionNames(), colours = useEmotionColours();
  const [filter, setFilter] = useState<Filter>('all');
  const list = useInfiniteQuery(picturesQuery(dataset, filter));
  const pictures = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  const [selection, move] = useReducer(moved, noSelection);
  const [undone, setUndone] = useState<Change[][]>([]);
  const {label, remove, everything} = usePictureDeeds(dataset);
  const chosen = useMemo(() => [...selection.chosen].sort((a, b) => a - b).map((at) => pictures[at]).filter((each) => each !== undefined), [selection.chosen, pictures]);
  const {hasNextPage, isFetchingNextPage, fetchNextPage} = list;
  const more = useCallback(() => { if (!isFetchingNextPage) void fetchNextPage(); }, [isFetchingNextPage, fetchNextPage]);

  const give = (to: Label) => {
    if (chosen.length === 0) return;
    setUndone([...undone, inverse(chosen)].slice(-kMostUndone));
    label.mutate([{ids: chosen.map(({id}) => id), label: to}]);
    // On to the next one, as long as one labels one by one.
    if (chosen.length === 1) move({kind: 'go', by: 1, extend: false, count: pictures.length});
  };
  const undo = () => {
    const last = undone.at(-1);
    if (!last) return;
    setUndone(undone.slice(0, -1));
    label.mutate(last);
    const ids = new Set(last.flatMap((change) => change.ids));
    move({kind: 'set', chosen: new Set(pictures.flatMap(({id}, at) => (ids.has(id) ? [at] : [])))});
    tell(<Trans>Labels are as before.</Trans>);
  };
  const key = (event: KeyboardEvent) => {
    const control = event.ctrlKey || event.metaKey;
    const to = control || event.altKey ? undefined : labelOfKey(event.key, emotions);
    if (to !== undefined) give(to);
    else if (event.key.toLowerCase() === 'u' || (control && event.key.toLowerCase() === 'z')) undo();
    else if (control && event.key.toLowerCase() === 'a') move({kind: 'all', count: pictures.length});
    else if (event.key === 'Escape') move({kind: 'none'});
    else return;
    event.preventDefault();
  };
  const shown = chosen.length === 1 ? chosen[0] : pictures[selection.cursor];
  return (
    <Grid>
      <Grid.Col span={{base: 12, sm: 4, lg: 2}}>
        <Box className="py-paper" p="xs"><Classes dataset={dataset} filter={filter} onFilter={(next) => { setFilter(next); move({kind: 'none'}); }} /></Box>
      </Grid.Col>
      <Grid.Col span={{base: 12, sm: 8, lg: 7}}>
        <Stack>
          <AddPictures dataset={dataset} some={pictures.length > 0} onAdded={() => void everything()} />
          {list.error ? <Failure error={list.error} retry={() => void list.refetch()} /> : (
            <Box className="py-paper" p="xs">
              {list.data && pictures.length === 0 ? (
                <EmptyState icon={IconPhotoPlus} title={filter === 'all' ? <Trans>No pictures yet</Trans> : <Trans>None of these</Trans>}><Trans>Drag pictures or folders above. Folders named as the classes label what lies in them.</Trans></EmptyState>
              ) : <PictureGrid dataset={dataset} pictures={pictures} more={hasNextPage} onMore={more} selection={selection} onMove={move} onKey={key} />}
            </Box>
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{base: 12, lg: 3}}>
        <Card title={t`Label`} aside={<Button size="compact-sm" variant="subtle" leftSection={<IconArrowBackUp size={15} aria-hidden />} disabled={undone.length === 0} onClick={undo}><Trans>Undo</Trans></Button>}>
          <Stack gap="sm">
            {shown ? (
              <Stack gap={2}>
                <Box component="img" src={image(dataset, shown.id)} alt={t`The picture ${shown.name}`} w="100%" mah={240} style={{objectFit: 'contain', background: 'var(--py-page)', borderRadius: 8}} />
                <Text size="xs" c="dimmed" truncate title={shown.name}>{shown.name} · {shown.width} × {shown.height}</Text>
              </Stack>
            ) : null}
            <Text size="sm" aria-live="polite"><Plural value={chosen.length} _0="Nothing is chosen." one="# picture is chosen." other="# pictures are chosen." /></Text>
            <Stack gap={4}>
              {emotions.map((each, at) => (
                <Button key={each} size="xs" variant="default" justify="space-between" disabled={chosen.length === 0} onClick={() => give(each)} rightSection={<Kbd size="xs">{at + 1}</Kbd>} styles={{root: {borderInlineStart: `5px solid ${colours[each]}`}}}>{names[each]}</Button>
              ))}
              <Button size="xs" variant="default" justify="space-between" disabled={chosen.length === 0} onClick={() => give(null)} rightSection={<Kbd size="xs">0</Kbd>}><Trans>No label</Trans></Button>
            </Stack>
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={() => move({kind: 'all', count: pictures.length})} disabled={pictures.length === 0}><Trans>Choose all</Trans></Button>
              <ConfirmButton size="xs" disabled={chosen.length === 0} title={t`Remove these pictures?`} verb={t`Remove`} question={<Plural value={chosen.length} one="# picture is erased. This cannot be undone." other="# pictures are erased. This cannot be undone." />}
                onConfirm={async () => { if (await remove.mutateAsync(chosen.map(({id}) => id)).then(() => true, () => false)) move({kind: 'none'}); }}><Trans>Remove</Trans></ConfirmButton>
            </Group>
            <Text size="xs" c="dimmed"><Trans>In the grid: arrows move, with Shift they choose more; 1 to 7 label and go on, 0 takes the label away, U undoes.</Trans></Text>
          </Stack>
        </Card>
      </Grid.Col>
    </Grid>
  );
}
