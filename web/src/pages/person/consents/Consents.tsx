import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Checkbox, Group, List, Stack, Text} from '@mantine/core';
import {IconShieldCheck, IconShieldPlus} from '@tabler/icons-react';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, body} from '@/api/client';
import {consentsQuery, type Consent, templateQuery} from '@/api/records';
import {showsExpressions, useAccount} from '@/app/account';
import {date, dateTime} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import {tell, tellFailure} from '@/shared/ui/toasts';
import type {TabProps} from '../PersonRecord';
import {Care} from './Care';
import {GiveConsent} from './GiveConsent';
import {useScopeTexts} from './scopes';
import {stateOf} from './state';

/** The words that were agreed to. */
function TextOf({template}: {template: string}) {
  const [open, setOpen] = useState(false);
  const {data} = useQuery({...templateQuery(template), enabled: open});
  return (
    <Stack gap={4} align="flex-start">
      <Button variant="subtle" size="compact-xs" px={0} aria-expanded={open} onClick={() => setOpen(!open)}>{open ? <Trans>Hide the text</Trans> : <Trans>Show the text</Trans>}</Button>
      {open && data && <Text size="sm" style={{whiteSpace: 'pre-line'}}>{data.text}</Text>}
    </Stack>
  );
}

function OneConsent({consent, own, may}: {consent: Consent; own: boolean; may: boolean}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const {site} = useAccount();
  const texts = useScopeTexts(showsExpressions(site));
  const state = stateOf(consent);
  const [erase, setErase] = useState(false);
  const withdraw = useMutation({
    mutationFn: () => body(api.POST('/api/v1/consents/{consent}/withdrawal', {params: {path: {consent: consent.id}}, body: {erase}})),
    onSuccess: () => {
      void queryClient.invalidateQueries(erase ? {} : {queryKey: consentsQuery(consent.person).queryKey});
      tell(erase ? <Trans>Withdrawn and erased. What ran under it has ended.</Trans> : <Trans>Withdrawn. What ran under it has ended.</Trans>);
    },
    onError: tellFailure,
  });
  return (
    <Stack component="li" gap={6} py="sm" style={{borderTop: '1px solid var(--py-line)'}}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Stack gap={4}>
          <Group gap={6}>
            {state === 'in_force' ? <Badge variant="light" tt="none"><Trans>in force</Trans></Badge> : <Badge variant="light" color="gray" tt="none">{state === 'over' ? <Trans>over</Trans> : <Trans>withdrawn</Trans>}</Badge>}
            {consent.on_paper && <Badge variant="default" tt="none"><Trans>entered by somebody else</Trans></Badge>}
          </Group>
          <List size="sm" spacing={2}>{consent.scopes.map((scope) => <List.Item key={scope}>{texts[scope].name}</List.Item>)}</List>
        </Stack>
        {state === 'in_force' && may && (
          <ConfirmButton size="compact-sm" title={t`Withdraw this consent?`} verb={t`Withdraw`} onConfirm={async () => { await withdraw.mutateAsync().catch(() => {}); }}
            choice={own && <Checkbox checked={erase} onChange={(event) => setErase(event.currentTarget.checked)} label={<Trans>Also erase what was kept under it</Trans>}
              description={<Trans>Pictures and videos, if no other consent allows to keep images; whole sessions, if none allows to keep measurements. This cannot be undone.</Trans>} />}
            question={own ? <Trans>Whatever runs under it ends within a second. What was kept so far stays until you erase it. You can agree again at any time.</Trans>
              : <Trans>Whatever runs under it ends within a second. What was kept so far stays; only the person can erase it.</Trans>}>
            <Trans>Withdraw</Trans>
          </ConfirmButton>
        )}
      </Group>
      <Text size="sm"><Trans>For: {consent.purpose}</Trans></Text>
      {consent.template && <TextOf template={consent.template} />}
      <Text size="xs" c="dimmed">
        <Trans>Given {dateTime(consent.from)}</Trans>{consent.until && <> · <Trans>until {date(consent.until)}</Trans></>}{consent.withdrawn && <> · <Trans>withdrawn {dateTime(consent.withdrawn)}</Trans></>} · <Trans>text {consent.text_version}</Trans>{consent.on_paper && consent.recorded_by_name && <> · <Trans>entered by {consent.recorded_by_name}</Trans></>}
      </Text>
    </Stack>
  );
}

/** What the person agreed to: in force, and before; and whom they chose. */
export function Consents({person, own}: TabProps) {
  const {account, site} = useAccount();
  const [giving, setGiving] = useState(false);
  const [before, setBefore] = useState(false);
  const {data, error, refetch} = useQuery(consentsQuery(person.id));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const sorted = [...data].sort((a, b) => b.from.localeCompare(a.from));
  const inForce = sorted.filter((consent) => stateOf(consent) === 'in_force');
  const past = sorted.filter((consent) => stateOf(consent) !== 'in_force');
  const may = own || (account.role === 'clinician' && site.mode === 'clinical');
  const list = (rows: Consent[]) => <Stack component="ul" gap={0} p={0} m={0} style={{listStyle: 'none'}}>{rows.map((row) => <OneConsent key={row.id} consent={row} own={own} may={may} />)}</Stack>;
  const give = may && <Button leftSection={<IconShieldPlus size={18} aria-hidden />} onClick={() => setGiving(true)}>{own ? <Trans>Agree to something</Trans> : <Trans>Enter a consent</Trans>}</Button>;
  return (
    <Stack maw={860}>
      <Card title={<Trans>In force</Trans>} aside={inForce.length > 0 && give}>
        {inForce.length > 0 ? list(inForce) : (
          <EmptyState icon={IconShieldCheck} title={<Trans>Nothing is agreed to now</Trans>} action={give}>
            {own ? <Trans>Nothing is measured or kept. When you agree to something it stands here, with what for; you can withdraw it at any time.</Trans>
              : <Trans>Without consent nothing is measured or kept. The person agrees in their own account; what was signed on paper can be entered here.</Trans>}
          </EmptyState>
        )}
      </Card>
      {past.length > 0 && (
        <Card title={<Trans>Before</Trans>} aside={<Button variant="subtle" size="compact-sm" aria-expanded={before} onClick={() => setBefore(!before)}>{before ? <Trans>Hide</Trans> : <Trans>Show {past.length}</Trans>}</Button>}>
          {before && list(past)}
        </Card>
      )}
      <Care person={person} own={own} />
      <GiveConsent person={person} own={own} opened={giving} onClose={() => setGiving(false)} />
    </Stack>
  );
}
