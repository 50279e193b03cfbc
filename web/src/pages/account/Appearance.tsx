import {Trans, useLingui} from '@lingui/react/macro';
import {SegmentedControl, Stack, Text, useMantineColorScheme, type MantineColorScheme} from '@mantine/core';
import {chooseLanguage, currentLanguage, languages, type Language} from '@/i18n';
import {Card} from '@/shared/ui/Card';

export function Appearance() {
  const {t} = useLingui();
  const {colorScheme, setColorScheme} = useMantineColorScheme();
  return (
    <Card title={<Trans>Appearance and language</Trans>} lead={<Trans>Kept in this browser.</Trans>}>
      <Stack gap="sm">
        <div>
          <Text size="sm" fw={500} mb={4} id="appearance"><Trans>Appearance</Trans></Text>
          <SegmentedControl aria-labelledby="appearance" value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)} data={[{value: 'light', label: t`Light`}, {value: 'dark', label: t`Dark`}, {value: 'auto', label: t`As the device`}]} />
        </div>
        <div>
          <Text size="sm" fw={500} mb={4} id="language"><Trans>Language</Trans></Text>
          <SegmentedControl aria-labelledby="language" value={currentLanguage()} onChange={(value) => chooseLanguage(value as Language)} data={Object.entries(languages).map(([value, label]) => ({value, label}))} />
        </div>
      </Stack>
    </Card>
  );
}
