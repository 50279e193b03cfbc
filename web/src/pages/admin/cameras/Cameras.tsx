import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Code, Group, PasswordInput, SimpleGrid, Skeleton, Stack, Text, TextInput} from '@mantine/core';
import {IconCamera, IconDeviceCctv} from '@tabler/icons-react';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {describe} from '@/shared/ui/problemText';
import {tell, tellFailure} from '@/shared/ui/toasts';

const queryKey = ['cameras'];

function NewCamera() {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const make = useMutation({
    mutationFn: () => body(api.POST('/api/v1/cameras', {body: {name: name.trim(), url: url.trim(), ...(user.trim() ? {user: user.trim()} : {}), ...(user.trim() && password ? {password} : {})}})),
    onSuccess: (camera) => {
      setName('');
      setUrl('');
      setUser('');
      setPassword('');
      tell(<Trans>{camera.name} can be chosen in a live session now.</Trans>);
      void queryClient.invalidateQueries({queryKey});
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Card title={<Trans>Add a camera</Trans>} lead={<Trans>One that this server reads itself: in a room, or of this machine.</Trans>}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack gap="sm">
          {make.error && <Alert color="red" variant="light" role="alert">{describe(make.error)}</Alert>}
          <TextInput label={<Trans>Name</Trans>} placeholder={t`Room 4`} maxLength={200} value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <TextInput label={<Trans>Address</Trans>} placeholder="rtsp://10.0.8.21/stream" description={<Trans>rtsp://…, http://… or camera:0</Trans>} spellCheck={false} autoCapitalize="none" maxLength={1000} value={url} onChange={(e) => setUrl(e.currentTarget.value)} />
          <SimpleGrid cols={2}>
            <TextInput label={<Trans>User, if it asks</Trans>} autoComplete="off" value={user} onChange={(e) => setUser(e.currentTarget.value)} />
            <PasswordInput label={<Trans>Its password</Trans>} autoComplete="new-password" disabled={!user.trim()} value={password} onChange={(e) => setPassword(e.currentTarget.value)} visibilityToggleButtonProps={{'aria-label': t`Show or hide the password`}} />
          </SimpleGrid>
          <Group><Button type="submit" loading={make.isPending} disabled={!name.trim() || !url.trim()}><Trans>Add</Trans></Button></Group>
          <Text size="xs" c="dimmed"><Trans>Only cameras that the server's own settings allow can be added: start it with, for example, <Code>--allow-camera rtsp://10.0.8.0/24</Code>. The password is kept sealed and never given out.</Trans></Text>
        </Stack>
      </form>
    </Card>
  );
}

/** Cameras that the server reads itself. */
export function Cameras() {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const cameras = useQuery({queryKey, queryFn: () => allRows((after) => body(api.GET('/api/v1/cameras', {params: {query: {limit: 200, ...after}}})))});
  const remove = async (camera: string) => {
    try {
      await api.DELETE('/api/v1/cameras/{camera}', {params: {path: {camera}}});
      tell(<Trans>The camera is removed.</Trans>);
      await queryClient.invalidateQueries({queryKey});
    } catch (problem) {
      tellFailure(problem);
    }
  };
  return (
    <SimpleGrid cols={{base: 1, lg: 2}} spacing="md" style={{alignItems: 'start'}}>
      <Card title={<Trans>Cameras of this site</Trans>}>
        {cameras.isPending && <Skeleton height={120} />}
        {cameras.error && <Failure error={cameras.error} retry={cameras.refetch} />}
        {cameras.data?.length === 0 && <EmptyState icon={IconDeviceCctv} title={<Trans>No cameras</Trans>}><Trans>None is needed where people use the camera of their browser. Cameras in rooms are added here, and then chosen in a live session.</Trans></EmptyState>}
        <Stack gap={0} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
          {cameras.data?.map((camera) => (
            <Group key={camera.id} component="li" justify="space-between" wrap="nowrap" py={8} style={{borderTop: '1px solid var(--py-line)'}}>
              <Group gap="sm" wrap="nowrap">
                <IconCamera size={20} aria-hidden />
                <div><Text size="sm" fw={600}>{camera.name}</Text><Text size="xs" c="dimmed" style={{overflowWrap: 'anywhere'}}>{camera.url}{camera.has_password && <> · <Trans>with a password</Trans></>}</Text></div>
              </Group>
              <ConfirmButton size="compact-sm" title={t`Remove ${camera.name}?`} verb={t`Remove`} question={<Trans>Sessions that it feeds end.</Trans>} onConfirm={() => remove(camera.id)}><Trans>Remove</Trans></ConfirmButton>
            </Group>
          ))}
        </Stack>
      </Card>
      <NewCamera />
    </SimpleGrid>
  );
}
