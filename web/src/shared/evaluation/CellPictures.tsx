import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Anchor, Box, Modal, SimpleGrid, Stack, Text} from '@mantine/core';
import {IconPhotoOff} from '@tabler/icons-react';
import {useEffect, useMemo, useState} from 'react';
import {emotions, type Emotion} from '@/app/theme';
import {percent} from '@/shared/format';
import {DropZone} from '@/shared/jobs/DropZone';
import {resultAddress} from '@/shared/jobs/jobs';
import {useEmotionNames} from '@/shared/ui/emotions';
import {ofCell, type Evaluation, type JudgedItem} from './evaluation';
import {hasPictures, keepPictures, pictureOf} from './localPictures';

const kMost = 200;

function Picture({item, job, dataset}: {item: JudgedItem; job: string; dataset: string | null}) {
  const {t} = useLingui();
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (item.item && dataset) {
      setAddress(`/api/v1/datasets/${dataset}/pictures/${item.item}/image`);
      return undefined;
    }
    const file = pictureOf(job, item.name);
    if (!file) { setAddress(null); return undefined; }
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [item, job, dataset]);
  const sure = item.p && item.predicted ? item.p[emotions.indexOf(item.predicted)] : null;
  return (
    <Stack gap={2} align="center">
      {address ? <Box component="img" src={address} alt={item.name} w="100%" style={{aspectRatio: '1', objectFit: 'cover', borderRadius: 6, imageRendering: 'auto', background: 'var(--py-line)'}} />
        : <Box w="100%" style={{aspectRatio: '1', borderRadius: 6, background: 'var(--py-line)', display: 'grid', placeItems: 'center'}}><IconPhotoOff aria-label={t`Not here`} /></Box>}
      <Text size="xs" c="dimmed" truncate maw="100%" title={item.name}>{item.name.split('/').at(-1)}{sure !== null && sure !== undefined && ` · ${percent(sure)}`}</Text>
    </Stack>
  );
}

/** The pictures behind a cell of the confusion matrix. */
export function CellPictures({evaluation, job, dataset, cell, onClose}: {evaluation: Evaluation; job: string; dataset: string | null; cell: readonly [Emotion, Emotion] | null; onClose: () => void}) {
  const {t} = useLingui();
  const names = useEmotionNames();
  const [round, setRound] = useState(0);
  const items = useMemo(() => (cell && evaluation.items ? ofCell(evaluation.items, cell[0], cell[1]) : []), [cell, evaluation]);
  if (!cell) return null;
  const [label, predicted] = cell;
  const count = evaluation.confusion[emotions.indexOf(label)]?.[emotions.indexOf(predicted)] ?? 0;
  const missing = !dataset && !hasPictures(job);
  return (
    <Modal opened onClose={onClose} size="xl" title={label === predicted ? t`${names[label]}, and taken for it` : t`${names[label]}, taken for ${names[predicted]}`}>
      <Stack>
        <Text size="sm"><Plural value={count} one="# picture, the surest first." other="# pictures, the surest first." /></Text>
        {count > 0 && !evaluation.items && (
          <Text size="sm"><Trans>This result does not tell picture by picture. The report shows some pictures of each cell: <Anchor href={resultAddress(job, 'evaluation.html')} download>evaluation.html</Anchor>.</Trans></Text>
        )}
        {evaluation.items && count > 0 && missing && (
          <DropZone folders accept="image/*" onFiles={(files) => { keepPictures(job, files); setRound(round + 1); }}>
            <Trans>The server does not keep uploaded pictures after the job. To see them here, choose the same folder again; it stays in this browser.</Trans>
          </DropZone>
        )}
        <SimpleGrid cols={{base: 3, xs: 4, sm: 6}} spacing="xs" key={round}>
          {items.slice(0, kMost).map((item) => <Picture key={item.name + item.item} item={item} job={job} dataset={dataset} />)}
        </SimpleGrid>
        {items.length > kMost && <Text size="sm" c="dimmed"><Trans>The first {kMost} of them.</Trans></Text>}
      </Stack>
    </Modal>
  );
}
