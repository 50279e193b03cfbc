import {Trans, useLingui} from '@lingui/react/macro';
import {Code, Group, Text} from '@mantine/core';
import type {ReactNode} from 'react';
import type {components} from '@/api/schema';
import {date, relative} from '@/shared/format';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';

export type Token = components['schemas']['Token'];

interface Props {
  token: Token;
  /** What it may do. */
  scopes?: ReactNode;
  /** What revoking it does. */
  question: ReactNode;
  onRevoke: () => Promise<void>;
}

/** One token: its name, how long it is good, when it was used; and a way to revoke it. */
export function TokenRow({token, scopes, question, onRevoke}: Props) {
  const {t} = useLingui();
  const over = token.revoked ? t`Revoked ${date(token.revoked)}`
    : token.expires && new Date(token.expires) < new Date() ? t`Expired ${date(token.expires)}` : null;
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Group gap="xs"><Text size="sm" fw={600} td={over ? 'line-through' : undefined}>{token.name}</Text><Code>…{token.tail}</Code></Group>
        {scopes && <Group gap={4} my={4}>{scopes}</Group>}
        <Text size="xs" c="dimmed">
          {over ?? (token.expires ? <Trans>Good until {date(token.expires)}</Trans> : <Trans>Without an end</Trans>)} · {token.last_used ? <Trans>last used {relative(token.last_used)}</Trans> : <Trans>never used</Trans>}
        </Text>
      </div>
      {!over && <ConfirmButton size="compact-sm" title={t`Revoke “${token.name}”?`} verb={t`Revoke`} question={question} onConfirm={onRevoke}><Trans>Revoke</Trans></ConfirmButton>}
    </Group>
  );
}
