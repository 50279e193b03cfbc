import {useLingui} from '@lingui/react/macro';
import {Box, Center, Stack, Text} from '@mantine/core';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {useEffect, useState} from 'react';
import {meQuery, type SignedIn} from '@/app/account';
import {Logo} from '@/app/shell/Logo';
import {rememberCsrf} from '@/api/client';
import {LanguageLinks} from './LanguageLinks';
import {NewPassword} from './NewPassword';
import {SignInForm} from './SignInForm';

/** Name and password (and a code), or the site's provider; then, the first time, a password of one's own. */
export default function SignInPage() {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const {back} = useSearch({from: '/sign-in'});
  const {data: me} = useQuery(meQuery);
  const [given, setGiven] = useState('');
  useEffect(() => {
    document.title = `${t`Sign in`} · Pyrometer`;
  }, [t]);

  const goOn = (signedIn: SignedIn) => {
    rememberCsrf(signedIn.csrf_token);
    queryClient.setQueryData(meQuery.queryKey, signedIn);
    if (signedIn.account.must_change_password) return;
    // An administrator of a site that nobody has described yet is led through its set-up; the start page does so later.
    const first = me?.account.must_change_password && signedIn.account.role === 'administrator' && signedIn.site.version === 1;
    void navigate({to: back ?? (first ? '/setup' : '/'), replace: true});
  };

  return (
    <Box component="main" mih="100dvh" style={{display: 'grid', gridTemplateRows: '1fr auto'}}>
      <Center p="md">
        <Stack w="100%" maw={400} gap="lg">
          <Stack gap={6} align="center" ta="center">
            <Logo size={40} />
            <Text c="dimmed" size="sm">{t`Strain, followed over time: by consent, on this site, never leaving it.`}</Text>
          </Stack>
          <Box className="py-paper" p="lg">
            {me?.account.must_change_password ? <NewPassword account={me.account} given={given} onDone={goOn} /> : <SignInForm onDone={(signedIn, password) => { setGiven(password); goOn(signedIn); }} />}
          </Box>
          <LanguageLinks />
        </Stack>
      </Center>
      <Text size="xs" c="dimmed" ta="center" p="md">{t`Not a diagnosis: Pyrometer measures what a face expresses.`}</Text>
    </Box>
  );
}
