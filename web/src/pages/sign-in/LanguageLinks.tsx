import {Anchor, Group} from '@mantine/core';
import {chooseLanguage, currentLanguage, languages, type Language} from '@/i18n';

export function LanguageLinks() {
  return (
    <Group justify="center" gap="md">
      {Object.entries(languages).map(([language, name]) => (
        <Anchor key={language} component="button" type="button" size="sm" lang={language} aria-current={language === currentLanguage() || undefined}
          fw={language === currentLanguage() ? 700 : undefined} onClick={() => chooseLanguage(language as Language)}>
          {name}
        </Anchor>
      ))}
    </Group>
  );
}
