import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Grid, Group, Image, Loader, Modal, Select, Stack, Text} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useEffect, useState} from 'react';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {emotions, type Emotion} from '@/app/theme';
import {EmotionBars, useEmotionNames} from '@/shared/ui/emotions';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {describe} from '@/shared/ui/problemText';
import {tell} from '@/shared/ui/toasts';
import {useHintTexts} from '@/features/live/useHintTexts';
import {hintOf} from '@/features/live/hints';
import type {Reason} from '@/features/live/protocol';
import classes from './room.module.css';

type Capture = components['schemas']['Capture'];

export interface Shot {
  picture: Blob;
  at: string;
  keyword: string | null;
}

interface Props {
  shot: Shot | null;
  person: string;
  session: string;
  words: readonly string[];
  onClose: () => void;
}

/** A still picture: what the model says of it, what it really is, under which keyword. */
export function CaptureDialog({shot, onClose, ...rest}: Props) {
  const {t} = useLingui();
  return (
    <Modal opened={shot !== null} onClose={onClose} title={t`Captured picture`} size="lg" centered closeButtonProps={{'aria-label': t`Close`}}>
      {shot && <Captured key={shot.at} shot={shot} onClose={onClose} {...rest} />}
    </Modal>
  );
}

function Captured({shot, person, session, words, onClose}: Props & {shot: Shot}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const names = useEmotionNames();
  const hints = useHintTexts();
  const [address, setAddress] = useState('');
  const [label, setLabel] = useState<Emotion | null>(null);
  const [keyword, setKeyword] = useState<string | null>(shot.keyword);
  useEffect(() => {
    const made = URL.createObjectURL(shot.picture);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [shot]);

  const send = useMutation({
    mutationFn: () => body(api.POST('/api/v1/captures', {
      params: {query: {person, session, at: shot.at, ...(shot.keyword ? {keyword: shot.keyword} : {})}},
      body: shot.picture as unknown as string, bodySerializer: (picture) => picture as unknown as Blob, headers: {'Content-Type': shot.picture.type},
    })),
    onSuccess: () => queryClient.invalidateQueries({queryKey: ['captures']}),
  });
  const {mutate} = send;
  useEffect(() => mutate(), [mutate]);
  const change = useMutation({
    mutationFn: (capture: Capture) => body(api.PATCH('/api/v1/captures/{capture}', {
      params: {path: {capture: capture.id}, header: {'If-Match': `"${capture.version}"`}}, body: {...(label ? {label} : {}), ...(keyword ? {keyword} : {})},
    })),
    onSuccess: () => { tell(<Trans>The picture was saved.</Trans>); void queryClient.invalidateQueries({queryKey: ['captures']}); onClose(); },
  });
  const discard = useMutation({
    mutationFn: (capture: Capture) => api.DELETE('/api/v1/captures/{capture}', {params: {path: {capture: capture.id}}}),
    onSuccess: onClose,
  });
  const capture = send.data;
  const face = capture?.prediction?.faces[0];
  const hint = face && !face.valid ? hintOf({face_id: 0, valid: false, reason: face.reason as Reason}) : face ? null : 'nobody';
  const failure = send.error ?? change.error ?? discard.error;
  const finish = () => (capture && (label || keyword !== shot.keyword) ? change.mutate(capture) : onClose());
  return (
    <Stack>
      <Grid>
        <Grid.Col span={{base: 12, sm: 6}}>{address && <Image src={address} alt={t`The captured picture`} radius="md" />}</Grid.Col>
        <Grid.Col span={{base: 12, sm: 6}}>
          {send.isPending && <Group gap="xs"><Loader size="sm" /><Text size="sm"><Trans>The model reads the picture…</Trans></Text></Group>}
          {capture && (face?.label
            ? <Stack gap="xs"><Text size="sm"><Trans>The model says: <b>{names[face.label]}</b></Trans></Text><EmotionBars p={face.p} /></Stack>
            : <Text size="sm"><Trans>The model could not read this picture.</Trans> {hint && `${hints[hint]}.`}</Text>)}
        </Grid.Col>
      </Grid>
      {capture && (
        <>
          <div>
            <Text size="sm" fw={600} mb={6}><Trans>What is it really?</Trans></Text>
            <Group gap={8} role="group" aria-label={t`Label`}>
              {emotions.map((each) => <button key={each} type="button" className={classes.chip} aria-pressed={(label ?? capture.label) === each} onClick={() => setLabel(label === each ? null : each)}>{names[each]}</button>)}
            </Group>
          </div>
          <Select label={t`Keyword`} value={keyword} onChange={setKeyword} data={[...new Set([...words, ...(shot.keyword ? [shot.keyword] : [])])]} searchable clearable={shot.keyword === null} />
          <NotADiagnosis model={capture.prediction?.model} />
        </>
      )}
      {failure && <Alert color="red" variant="light" role="alert">{describe(failure)}</Alert>}
      <Group justify="space-between">
        {capture ? <Button variant="subtle" color="red" loading={discard.isPending} onClick={() => discard.mutate(capture)}><Trans>Discard the picture</Trans></Button> : <span />}
        {send.isError ? <Button variant="default" onClick={() => send.mutate()}><Trans>Try again</Trans></Button>
          : <Button disabled={!capture} loading={change.isPending} onClick={finish}><Trans>Save</Trans></Button>}
      </Group>
    </Stack>
  );
}
