import {Trans} from '@lingui/react/macro';
import {Button, Group, Stack, Text} from '@mantine/core';
import {IconUpload} from '@tabler/icons-react';
import {useRef, useState, type ReactNode} from 'react';
import {tellFailure} from '@/shared/ui/toasts';
import {chosen, dropped, type Chosen} from './drop';
import './drop-zone.css';

interface Props {
  onFiles: (files: Chosen[]) => void;
  /** What may be put here. */
  children: ReactNode;
  accept?: string;
  folders?: boolean;
  disabled?: boolean;
  /** Small, where there is something already. */
  compact?: boolean;
}

/** A place to drag files and folders to, or to choose them by keyboard. */
export function DropZone({onFiles, children, accept, folders = false, disabled = false, compact = false}: Props) {
  const files = useRef<HTMLInputElement>(null), folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (list: FileList | null) => { if (list && list.length > 0) onFiles(chosen(list)); };
  return (
    <Stack align="center" gap="xs" p={compact ? 'xs' : 'lg'} ta="center" className="py-drop" data-over={over || undefined}
      onDragOver={(e) => { e.preventDefault(); setOver(!disabled); }} onDragLeave={() => setOver(false)}
      onDrop={(e) => { e.preventDefault(); setOver(false); if (!disabled) dropped(e.dataTransfer).then(onFiles, tellFailure); }}>
      {!compact && <IconUpload size={28} stroke={1.5} aria-hidden />}
      <Text size={compact ? 'xs' : 'sm'} maw={compact ? undefined : 520}>{children}</Text>
      <Group gap="xs" justify="center">
        <Button variant="default" size="xs" disabled={disabled} onClick={() => files.current?.click()}><Trans>Choose files</Trans></Button>
        {folders && <Button variant="default" size="xs" disabled={disabled} onClick={() => folder.current?.click()}><Trans>Choose a folder</Trans></Button>}
      </Group>
      <input ref={files} type="file" multiple hidden accept={accept} onChange={(e) => { take(e.currentTarget.files); e.currentTarget.value = ''; }} data-testid="files" />
      {folders && <input ref={(element) => { folder.current = element; element?.setAttribute('webkitdirectory', ''); }} type="file" multiple hidden onChange={(e) => { take(e.currentTarget.files); e.currentTarget.value = ''; }} data-testid="folder" />}
    </Stack>
  );
}
