import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Code, Divider, Drawer, Group, Select, Skeleton, Stack, Text, TextInput} from '@mantine/core';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body} from '@/api/client';
import type {Role} from '@/app/account';
import {useRoleNames} from '@/app/roles';
import {dateTime} from '@/shared/format';
import {usersQuery, type User} from '@/shared/accounts/users';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {Failure} from '@/shared/ui/Failure';
import {ShownOnce} from '@/shared/ui/ShownOnce';
import {describe} from '@/shared/ui/problemText';
import {tell, tellFailure, tellWithUndo} from '@/shared/ui/toasts';
import {DeviceTokens} from './DeviceTokens';

type Change = {display_name?: string; role?: Role; oidc_subject?: string | null};

const patch = (user: Pick<User, 'id' | 'version'>, change: Change) => body(api.PATCH('/api/v1/users/{user}', {params: {path: {user: user.id}, header: {'If-Match': `"${user.version}"`}}, body: change}));

// Whatever else was changed meanwhile, this is meant.
const setDisabled = (user: string, disabled: boolean) => api.PATCH('/api/v1/users/{user}', {params: {path: {user}}, body: {disabled}});

/** Its name and role; begun anew whenever the account has changed. */
function NameAndRole({user, isMe}: {user: User; isMe: boolean}) {
  const queryClient = useQueryClient();
  const roles = useRoleNames();
  const [shown, setShown] = useState(user.display_name ?? '');
  const [role, setRole] = useState<Role>(user.role);
  const change = useMutation({
    mutationFn: (what: Change) => patch(user, what),
    onSuccess: (_, what) => {
      tell(what.role ? <Trans>Saved. Its logins have ended.</Trans> : <Trans>Saved.</Trans>);
      void queryClient.invalidateQueries({queryKey: usersQuery.queryKey});
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({...(shown.trim() && shown.trim() !== user.display_name ? {display_name: shown.trim()} : {}), ...(role !== user.role ? {role} : {})});
  };
  const unchanged = (shown.trim() === (user.display_name ?? '') || !shown.trim()) && role === user.role;
  // A participant's and a device's account is joined to a record, so these do not turn into others.
  const fixed = user.role === 'participant' || user.role === 'device' || isMe;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {change.error && <Alert color="red" variant="light" role="alert">{describe(change.error)}</Alert>}
        <TextInput label={<Trans>Name to be shown</Trans>} maxLength={200} value={shown} onChange={(e) => setShown(e.currentTarget.value)} />
        <Select label={<Trans>Role</Trans>} allowDeselect={false} disabled={fixed} value={role} onChange={(value) => value && setRole(value as Role)}
          description={isMe ? <Trans>Another administrator can change yours.</Trans> : fixed ? <Trans>It is joined to a record, so it stays what it is.</Trans> : undefined}
          data={(fixed ? [user.role] : (['administrator', 'clinician', 'researcher', 'organisation_lead'] as const)).map((each) => ({value: each, label: roles[each]}))} />
        <Group><Button type="submit" loading={change.isPending} disabled={unchanged}><Trans>Save</Trans></Button></Group>
      </Stack>
    </form>
  );
}

function Details({user, isMe}: {user: User; isMe: boolean}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [password, setPassword] = useState<string | null>(null);
  const anew = () => queryClient.invalidateQueries({queryKey: usersQuery.queryKey});
  const attempt = async (deed: () => Promise<void>) => {
    try {
      await deed();
      await anew();
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const disable = () => attempt(async () => {
    await setDisabled(user.id, true);
    tellWithUndo(<Trans>{user.name} is disabled.</Trans>, () => void attempt(async () => { await setDisabled(user.id, false); }));
  });
  const reset = () => attempt(async () => {
    setPassword((await body(api.POST('/api/v1/users/{user}/password', {params: {path: {user: user.id}}}))).one_time_password);
  });
  const endLogins = () => attempt(async () => {
    const {ended} = await body(api.DELETE('/api/v1/users/{user}/logins', {params: {path: {user: user.id}}}));
    tell(<Plural value={ended} _0="There was no login." one="# login has ended." other="# logins have ended." />);
  });
  return (
    <Stack>
      <Text size="sm" c="dimmed"><Trans>Since {dateTime(user.created)}</Trans></Text>
      {user.person && <Text size="sm"><Trans>Joined to the record <Code>{user.person}</Code></Trans></Text>}
      {password && (
        <ShownOnce title={<Trans>A new one-time password</Trans>} heading={`${location.origin} · ${user.name}`} secrets={[password]} onDone={() => setPassword(null)}>
          <Trans>This password works once; a password of their own is set with it. Give it by hand or by phone: it is not shown again.</Trans>
        </ShownOnce>
      )}
      <NameAndRole key={user.version} user={user} isMe={isMe} />
      {user.role === 'device' && <><Divider /><DeviceTokens user={user} /></>}
      <Divider />
      <Stack gap="xs" align="flex-start">
        {user.role !== 'device' && (
          <ConfirmButton title={t`A new password for ${user.name}?`} verb={t`New password`} question={<Trans>The password they have stops to work, and so does their authenticator. You are shown a password that works once.</Trans>} onConfirm={reset}><Trans>Reset the password</Trans></ConfirmButton>
        )}
        <ConfirmButton title={t`End all logins of ${user.name}?`} verb={t`End them`} question={<Trans>They must sign in again. What they have not saved may be lost.</Trans>} onConfirm={endLogins}><Trans>End all logins</Trans></ConfirmButton>
        {!isMe && (user.disabled
          ? <Button variant="default" onClick={() => void attempt(async () => { await setDisabled(user.id, false); })}><Trans>Enable again</Trans></Button>
          : <ConfirmButton color="red" variant="light" title={t`Disable ${user.name}?`} verb={t`Disable`} question={<Trans>They can no longer sign in, and what they run ends. What they wrote stays. You can enable them again.</Trans>} onConfirm={disable}><Trans>Disable</Trans></ConfirmButton>)}
      </Stack>
      {user.oidc_subject && (
        <>
          <Divider />
          <Text size="sm"><Trans>Signs in by the site's provider as <Code>{user.oidc_subject}</Code></Trans></Text>
          <Group><ConfirmButton title={t`Part from the provider?`} verb={t`Part`} question={<Trans>They can no longer sign in by the provider. Reset the password to let them in by one.</Trans>} onConfirm={() => attempt(async () => { await patch(user, {oidc_subject: null}); })}><Trans>Part from the provider</Trans></ConfirmButton></Group>
        </>
      )}
    </Stack>
  );
}

/** One account as it is now, and what can be done with it. */
export function UserDrawer({user, isMe, onClose}: {user: User | null; isMe: boolean; onClose: () => void}) {
  const {t} = useLingui();
  const id = user?.id ?? '';
  // Asked for anew each time: a list that is some seconds old would have each change refused.
  const now = useQuery({queryKey: [...usersQuery.queryKey, id], enabled: user !== null, gcTime: 0, staleTime: 0, queryFn: () => body(api.GET('/api/v1/users/{user}', {params: {path: {user: id}}}))});
  return (
    <Drawer opened={user !== null} onClose={onClose} position="right" size="md" title={user?.display_name || user?.name} closeButtonProps={{'aria-label': t`Close`}} transitionProps={{duration: 0}}>
      {now.error && <Failure error={now.error} retry={now.refetch} />}
      {user && now.isPending && <Skeleton height={240} />}
      {user && now.data && <Details key={id} user={now.data} isMe={isMe} />}
    </Drawer>
  );
}
