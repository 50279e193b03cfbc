import {Trans, useLingui} from '@lingui/react/macro';
import {Anchor, Button, Code, CopyButton, Group, List, Stack, Text, ThemeIcon} from '@mantine/core';
import {IconCheck, IconMinus} from '@tabler/icons-react';
import {Link} from '@tanstack/react-router';
import type {Site} from '@/app/account';
import type {Step} from '@/shared/setup/progress';

/** What is done, what is not, and what people do next. */
export function FinishStep({site, done, onStep, onFinish}: {site: Site; done: ReadonlySet<Step>; onStep: (step: Step) => void; onFinish: () => void}) {
  const {t} = useLingui();
  const rows: [Step, string, string][] = [
    ['site', t`The site says what it is for`, t`The site does not say yet what it is for`],
    ['groups', t`There is an organisation`, t`No organisation: figures of teams come later`],
    ['people', t`Somebody works here`, t`Nobody but you has an account yet`],
    ['consent', t`You know what people agree to`, t`You have not seen what people agree to`],
    ['camera', t`A camera was checked`, t`No camera was checked`],
  ];
  const address = location.origin;
  return (
    <Stack>
      <Stack gap="xs" component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {rows.map(([step, yes, no]) => {
          const is = done.has(step);
          return (
            <Group key={step} component="li" gap="sm" wrap="nowrap">
              <ThemeIcon size={22} radius="xl" variant="light" color={is ? 'petrol' : 'gray'} aria-hidden>{is ? <IconCheck size={14} /> : <IconMinus size={14} />}</ThemeIcon>
              <Text size="sm">{is ? yes : no} {!is && <Anchor component="button" type="button" size="sm" underline="always" onClick={() => onStep(step)}><Trans>Go there</Trans></Anchor>}</Text>
            </Group>
          );
        })}
      </Stack>
      <Text fw={600} mt="sm"><Trans>What happens next</Trans></Text>
      <List size="sm" spacing={8} type="ordered">
        <List.Item>
          <Trans>Those who have an account open <Code>{address}</Code> and sign in with their one-time password.</Trans>{' '}
          <CopyButton value={address}>{({copied, copy}) => <Anchor component="button" type="button" size="sm" underline="always" onClick={copy}>{copied ? <Trans>Copied</Trans> : <Trans>Copy the address</Trans>}</Anchor>}</CopyButton>
        </List.Item>
        {site.mode === 'clinical' && <List.Item><Trans>A clinician makes a person's record under People, asks for consent, and starts a session.</Trans></List.Item>}
        <List.Item><Trans>Participants do a check-in by themselves, also on a phone.</Trans></List.Item>
        <List.Item><Trans>Everything is encrypted with the key in the server's data folder. Keep a copy of it elsewhere: without it nothing can be read again.</Trans></List.Item>
        <List.Item><Trans>Guard your own account by an <Anchor component={Link} to="/account" size="sm" underline="always">authenticator</Anchor>.</Trans></List.Item>
      </List>
      <Group><Button onClick={onFinish}><Trans>Finish</Trans></Button></Group>
    </Stack>
  );
}
