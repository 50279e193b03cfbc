import {Button, Group, TextInput} from '@mantine/core';
import {useState, type FormEvent, type ReactNode} from 'react';
import {tellFailure} from '@/shared/ui/toasts';

/** One line that names something new. */
export function NameForm({label, placeholder, verb, size, onName}: {label: string; placeholder?: string; verb: ReactNode; size?: 'xs' | 'sm'; onName: (name: string) => Promise<unknown>}) {
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onName(name.trim());
      setName('');
    } catch (problem) {
      tellFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Group gap="xs" wrap="nowrap">
        <TextInput flex={1} size={size ?? 'sm'} aria-label={label} placeholder={placeholder ?? label} maxLength={200} value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Button type="submit" size={size ?? 'sm'} variant="default" loading={busy} disabled={!name.trim()}>{verb}</Button>
      </Group>
    </form>
  );
}
