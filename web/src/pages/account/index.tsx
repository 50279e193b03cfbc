import {Trans, useLingui} from '@lingui/react/macro';
import {SimpleGrid, Stack} from '@mantine/core';
import {useAccount} from '@/app/account';
import {Page} from '@/shared/ui/Page';
import {Appearance} from './Appearance';
import {Authenticator} from './Authenticator';
import {Logins} from './Logins';
import {Password} from './Password';
import {Tokens} from './Tokens';

/** One's own account: how one signs in, where one is signed in, how this looks. */
export default function AccountPage() {
  const {t} = useLingui();
  const {account} = useAccount();
  return (
    <Page title={t`Account and security`} lead={<Trans>How you sign in as {account.name}, where you are signed in, and how this looks to you.</Trans>}>
      <SimpleGrid cols={{base: 1, lg: 2}} spacing="md" style={{alignItems: 'start'}}>
        <Stack>
          <Password name={account.name} />
          <Authenticator account={account} />
          <Appearance />
        </Stack>
        <Stack>
          <Logins />
          <Tokens role={account.role} />
        </Stack>
      </SimpleGrid>
    </Page>
  );
}
