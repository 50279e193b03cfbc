import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, SimpleGrid, Stack, TextInput} from '@mantine/core';
import {useNavigate} from '@tanstack/react-router';
import {useState, type FormEvent} from 'react';
import {Card} from '@/shared/ui/Card';
import {describe} from '@/shared/ui/problemText';
import {tell} from '@/shared/ui/toasts';
import {useModelDeeds} from './queries';

const kId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What a job has trained becomes a version in the registry. */
export function TakeIn({job: asked}: {job: string}) {
  const {t} = useLingui();
  const navigate = useNavigate();
  const {add} = useModelDeeds();
  const [job, setJob] = useState(asked);
  const [name, setName] = useState('');
  const [licence, setLicence] = useState('');
  // An address that was sent is as good as the id in it.
  const id = /[?&]job=([0-9a-f-]{36})/.exec(job)?.[1] ?? job.trim();
  const wrongId = id !== '' && !kId.test(id), wrongName = name !== '' && !/^[a-z][a-z0-9_-]{0,63}$/.test(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({job: id, name, licence: licence.trim(), source: t`trained on this site, job ${id}`}, {
      onSuccess: ({reference}) => {
        tell(<Trans>{reference} is in the registry. It is not in use before it is promoted.</Trans>);
        void navigate({to: '/models/$model', params: {model: reference}});
      },
    });
  };
  return (
    <Card title={t`Take in a trained model`} lead={<Trans>Whoever trained it sends you the address of the job. A name that is there already gets a new version.</Trans>}>
      <form onSubmit={submit}>
        <Stack>
          {add.error && <Alert color="red" variant="light" role="alert">{describe(add.error)}</Alert>}
          <SimpleGrid cols={{base: 1, sm: 3}}>
            <TextInput label={<Trans>Job</Trans>} value={job} onChange={(e) => setJob(e.currentTarget.value)} error={wrongId && t`Neither an id nor an address with one.`} spellCheck={false} required withAsterisk={false} />
            <TextInput label={<Trans>Name</Trans>} placeholder="ward" value={name} onChange={(e) => setName(e.currentTarget.value)} error={wrongName && t`Small letters, digits, - and _; a letter first.`} spellCheck={false} required withAsterisk={false} />
            <TextInput label={<Trans>Licence</Trans>} placeholder={t`for use on this site alone`} value={licence} onChange={(e) => setLicence(e.currentTarget.value)} required withAsterisk={false} />
          </SimpleGrid>
          <Group><Button type="submit" loading={add.isPending} disabled={!id || wrongId || !name || wrongName || !licence.trim()}><Trans>Take it in</Trans></Button></Group>
        </Stack>
      </form>
    </Card>
  );
}
