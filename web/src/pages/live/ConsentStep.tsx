import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Checkbox, Group, Skeleton, Stack, Text} from '@mantine/core';
import {IconCheck, IconX} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {date} from '@/shared/format';
import {Failure} from '@/shared/ui/Failure';
import {ConsentForm} from './ConsentForm';
import {consentsQuery} from '@/api/records';
import {inForce, type Scope} from '@/features/consents/consents';
import {useScopeTexts} from './useScopeTexts';

interface Props {
  person: string;
  mayRecord: boolean;
  expressions: boolean;
  confirmed: boolean;
  onConfirm: (confirmed: boolean) => void;
}

/** What the person has agreed to; what is missing is recorded here, once they have said so. */
export function ConsentStep({person, mayRecord, expressions, confirmed, onConfirm}: Props) {
  const {t} = useLingui();
  const consents = useQuery(consentsQuery(person));
  const texts = useScopeTexts();
  if (consents.isPending) return <Skeleton height={120} />;
  if (consents.isError) return <Failure error={consents.error} retry={() => void consents.refetch()} />;
  const there = inForce(consents.data);
  const asked: Scope[] = expressions ? ['live_analysis', 'store_observations', 'store_images'] : ['live_analysis', 'store_observations'];
  const missing = asked.filter((scope) => !there.has(scope));
  const live = there.get('live_analysis');
  return (
    <Stack gap="sm">
      <Stack gap={6} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {asked.map((scope) => {
          const consent = there.get(scope);
          return (
            <Group key={scope} component="li" gap="xs" wrap="nowrap" align="flex-start">
              {consent ? <IconCheck size={18} aria-hidden color="var(--mantine-color-petrol-text)" style={{flexShrink: 0, marginTop: 2}} /> : <IconX size={18} aria-hidden color="var(--mantine-color-dimmed)" style={{flexShrink: 0, marginTop: 2}} />}
              <div>
                <Text size="sm" fw={600} span>{texts[scope].title}</Text>{' '}
                <Badge size="sm" variant="light" tt="none" color={consent ? 'petrol' : 'gray'}>{consent ? t`agreed on ${date(consent.from)}` : t`not agreed`}</Badge>
                <Text size="sm" c="dimmed">{consent ? t`${consent.purpose} (text ${consent.text_version})` : texts[scope].without}</Text>
              </div>
            </Group>
          );
        })}
      </Stack>
      {missing.length > 0 && (mayRecord
        ? <ConsentForm person={person} missing={missing} />
        : !live && <Text size="sm"><Trans>In this site's mode only the person can agree, in their own record. Ask them to sign in and do so; this page follows by itself when you load it again.</Trans></Text>)}
      {live && <Checkbox checked={confirmed} onChange={(e) => onConfirm(e.currentTarget.checked)} label={<Trans>I have shown this to the person, and they agree to be recorded now</Trans>} />}
    </Stack>
  );
}
