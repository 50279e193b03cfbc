import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Checkbox, Group, Stack, TextInput} from '@mantine/core';
import {IconWriting} from '@tabler/icons-react';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {consentsQuery, type Scope} from '@/features/consents/consents';
import {useScopeTexts} from './useScopeTexts';

/** Records what a person agrees to now, in their own words or on paper. */
export function ConsentForm({person, missing}: {person: string; missing: Scope[]}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const texts = useScopeTexts();
  const [scopes, setScopes] = useState<Scope[]>([]);
  const [purpose, setPurpose] = useState(() => t`Support of this person by their clinician`);
  const [version, setVersion] = useState(() => t`spoken`);
  const [key, setKey] = useState(idempotencyKey);
  const record = useMutation({
    mutationFn: () => body(api.POST('/api/v1/people/{person}/consents', {
      params: {path: {person}, header: {'Idempotency-Key': key}}, body: {scopes, purpose: purpose.trim(), text_version: version.trim()},
    })),
    onSuccess: async () => {
      setKey(idempotencyKey());
      setScopes([]);
      await queryClient.invalidateQueries({queryKey: consentsQuery(person).queryKey});
      tell(<Trans>Recorded what was agreed to.</Trans>);
    },
    onError: tellFailure,
  });
  return (
    <Alert variant="default" icon={<IconWriting aria-hidden />} title={<Trans>Record what the person agrees to now</Trans>}>
      <Stack gap="sm">
        <Checkbox.Group label={<Trans>They agree to</Trans>} value={scopes} onChange={(value) => setScopes(value as Scope[])}>
          <Stack gap={6} mt={6}>
            {missing.map((scope) => <Checkbox key={scope} value={scope} label={texts[scope].title} />)}
          </Stack>
        </Checkbox.Group>
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TextInput label={<Trans>For what purpose</Trans>} value={purpose} maxLength={500} onChange={(e) => setPurpose(e.currentTarget.value)} miw={240} />
          <TextInput label={<Trans>By which text</Trans>} description={<Trans>Name and version of the form, or "spoken"</Trans>} inputWrapperOrder={['label', 'input', 'description']} value={version} maxLength={200} onChange={(e) => setVersion(e.currentTarget.value)} miw={160} />
        </Group>
        <Group>
          <Button size="sm" disabled={scopes.length === 0 || !purpose.trim() || !version.trim()} loading={record.isPending} onClick={() => record.mutate()}><Trans>They agree: record it</Trans></Button>
        </Group>
      </Stack>
    </Alert>
  );
}
