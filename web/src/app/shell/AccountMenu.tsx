import {Trans} from '@lingui/react/macro';
import {Avatar, Button, Menu, Text, useMantineColorScheme} from '@mantine/core';
import {IconDeviceDesktop, IconLanguage, IconLogout, IconMoon, IconSun, IconUserCog} from '@tabler/icons-react';
import {useQueryClient} from '@tanstack/react-query';
import {Link, useRouter} from '@tanstack/react-router';
import {api} from '@/api/client';
import {forgetAccount, type Account} from '@/app/account';
import {useRoleNames} from '@/app/roles';
import {chooseLanguage, currentLanguage, languages, type Language} from '@/i18n';
import {tellFailure} from '@/shared/ui/toasts';

export function AccountMenu({account}: {account: Account}) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const roles = useRoleNames();
  const {setColorScheme, colorScheme} = useMantineColorScheme();
  const shown = account.display_name || account.name;
  const signOut = async () => {
    try {
      await api.POST('/api/v1/logout');
    } catch (problem) {
      return tellFailure(problem);
    }
    await router.navigate({to: '/sign-in', search: {}});
    forgetAccount(queryClient);
  };
  const schemes = [['light', IconSun, <Trans key="l">Light</Trans>], ['dark', IconMoon, <Trans key="d">Dark</Trans>], ['auto', IconDeviceDesktop, <Trans key="a">As the device</Trans>]] as const;
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" px={8} leftSection={<Avatar size={26} color="petrol" name={shown} aria-hidden />}><Text span inherit truncate maw={{base: 96, sm: 220}}>{shown}</Text></Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{account.name} · {roles[account.role]}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={16} />}><Trans>Account and security</Trans></Menu.Item>
        <Menu.Divider />
        <Menu.Label><Trans>Appearance</Trans></Menu.Label>
        {schemes.map(([scheme, Icon, label]) => (
          <Menu.Item key={scheme} role="menuitemradio" aria-checked={colorScheme === scheme} leftSection={<Icon size={16} />} fw={colorScheme === scheme ? 700 : undefined} onClick={() => setColorScheme(scheme)}>{label}</Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label><Trans>Language</Trans></Menu.Label>
        {Object.entries(languages).map(([language, name]) => (
          <Menu.Item key={language} lang={language} role="menuitemradio" aria-checked={currentLanguage() === language} leftSection={<IconLanguage size={16} />} fw={currentLanguage() === language ? 700 : undefined} onClick={() => chooseLanguage(language as Language)}>{name}</Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}><Trans>Sign out</Trans></Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
