import {Trans} from '@lingui/react/macro';
import {Anchor, Group, List, Skeleton, Stack, Text, Title} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import type {ReactNode} from 'react';
import type {Site} from '@/app/account';
import {currentLanguage} from '@/i18n';
import {TemplateText} from '@/shared/consents/TemplateText';
import {templatesQuery} from '@/api/records';
import {useConsentNames} from '@/shared/people/consents';
import {Failure} from '@/shared/ui/Failure';

/** The texts that people are shown in this site's mode. */
export function ConsentStep({site, further}: {site: Site; further: ReactNode}) {
  const names = useConsentNames();
  const templates = useQuery(templatesQuery);
  const shown = (templates.data ?? []).filter((each) => each.active && each.language === currentLanguage() && (each.mode === null || each.mode === site.mode));
  return (
    <Stack>
      <Text size="sm" c="dimmed"><Trans>Nothing is looked at or kept before the person agrees. These texts are ready for the mode that you chose; people agree to each on its own, and can withdraw at any time.</Trans></Text>
      {templates.isPending && <Skeleton height={200} />}
      {templates.error && <Failure error={templates.error} retry={templates.refetch} />}
      {shown.map((template) => (
        <section key={template.id} style={{border: '1px solid var(--py-line)', borderRadius: 8, padding: 16}}>
          <Title order={3} size="h4" mb={4}>{template.purpose}</Title>
          <List size="sm" c="dimmed" mb="xs">{template.scopes.map((scope) => <List.Item key={scope}>{names[scope]}</List.Item>)}</List>
          <details>
            <summary style={{cursor: 'pointer'}}><Text span size="sm" fw={500}><Trans>The whole text</Trans></Text></summary>
            <div lang={template.language} style={{marginBlockStart: 8}}><TemplateText text={template.text} /></div>
          </details>
        </section>
      ))}
      {templates.data && shown.length === 0 && <Text size="sm"><Trans>There is no text for this mode in this language yet.</Trans></Text>}
      <Text size="sm"><Trans>You can write your own under <Anchor component={Link} to="/admin/consents" size="sm" underline="always">Administration, Consent texts</Anchor>, now or later.</Trans></Text>
      <Group>{further}</Group>
    </Stack>
  );
}
