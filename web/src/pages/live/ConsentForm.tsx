import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Checkbox, Group, Skeleton, Stack, Text, TextInput} from '@mantine/core';
import {IconWriting} from '@tabler/icons-react';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, idempotencyKey} from '@/api/client';
import {useAccount} from '@/app/account';
import {ConsentText} from '@/features/consents/ConsentText';
import {consentsQuery} from '@/api/records';
import {type Scope} from '@/features/consents/consents';
import {activeTemplatesQuery} from '@/api/records';
import {offers} from '@/features/consents/templates';
import {currentLanguage} from '@/i18n';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {useScopeTexts} from './useScopeTexts';

/** Records what a person agrees to now: by the site's texts, or, where it has none, by a paper of its own. */
export function ConsentForm({person, missing}: {person: string; missing: Scope[]}) {
  const {t} = useLingui();
  const {site} = useAccount();
  const queryClient = useQueryClient();
  const texts = useScopeTexts();
  const templates = useQuery({...activeTemplatesQuery, staleTime: 300_000});
  const [chosen, setChosen] = useState<Scope[]>([]);
  const [purpose, setPurpose] = useState(() => t`Support of this person by their clinician`);
  const [version, setVersion] = useState(() => t`spoken`);
  const [key, setKey] = useState(idempotencyKey);
  const offered = offers(templates.data ?? [], site.mode, currentLanguage(), missing);
  const covered = new Set(offered.flatMap((each) => each.scopes));
  const rest = missing.filter((scope) => !covered.has(scope));
  const restChosen = rest.filter((scope) => chosen.includes(scope));

  const record = useMutation({
    mutationFn: async () => {
      const give = (name: string, body: {template: string; scopes: Scope[]} | {scopes: Scope[]; purpose: string; text_version: string}) =>
        api.POST('/api/v1/people/{person}/consents', {params: {path: {person}, header: {'Idempotency-Key': `${key}.${name}`}}, body});
      for (const {template, scopes} of offered) {
        const mine = scopes.filter((scope) => chosen.includes(scope));
        if (mine.length > 0) await give(template.id, {template: template.id, scopes: mine});
      }
      if (restChosen.length > 0) await give('own', {scopes: restChosen, purpose: purpose.trim(), text_version: version.trim()});
    },
    onSuccess: () => { setChosen([]); tell(<Trans>Recorded what was agreed to.</Trans>); },
    onError: tellFailure,
    onSettled: () => {
      setKey(idempotencyKey());
      return queryClient.invalidateQueries({queryKey: consentsQuery(person).queryKey});
    },
  });
  if (templates.isPending) return <Skeleton height={160} />;
  const box = (scope: Scope) => <Checkbox key={scope} value={scope} label={texts[scope].title} />;
  return (
    <Alert variant="default" icon={<IconWriting aria-hidden />} title={<Trans>Record what the person agrees to now</Trans>}>
      <Checkbox.Group aria-label={t`They agree to`} value={chosen} onChange={(value) => setChosen(value as Scope[])}>
        <Stack gap="md">
          {offered.map(({template, scopes}) => (
            <Stack key={template.id} gap={6}>
              <Text size="sm" lang={template.language}>{template.purpose}</Text>
              <ConsentText template={template} />
              {scopes.map(box)}
            </Stack>
          ))}
          {rest.length > 0 && (
            <Stack gap={6}>
              {rest.map(box)}
              <Group grow align="flex-start" preventGrowOverflow={false}>
                <TextInput label={<Trans>For what purpose</Trans>} value={purpose} maxLength={500} onChange={(e) => setPurpose(e.currentTarget.value)} miw={240} />
                <TextInput label={<Trans>By which text</Trans>} description={<Trans>Name and version of the form, or "spoken"</Trans>} inputWrapperOrder={['label', 'input', 'description']} value={version} maxLength={200} onChange={(e) => setVersion(e.currentTarget.value)} miw={160} />
              </Group>
            </Stack>
          )}
          <Group>
            <Button size="sm" disabled={chosen.length === 0 || (restChosen.length > 0 && (!purpose.trim() || !version.trim()))} loading={record.isPending} onClick={() => record.mutate()}><Trans>They agree: record it</Trans></Button>
          </Group>
        </Stack>
      </Checkbox.Group>
    </Alert>
  );
}
