/* A password, which may be shown while it is typed. */
import { useState } from 'preact/hooks';
import { Field } from '../../shared/parts/ui';
import { say } from '../words';

export function PasswordField({ id, label, value, onChange, error, current = true }: { id: string; label?: string; value: string; onChange: (value: string) => void; error?: string | undefined; current?: boolean }) {
  const [shown, set] = useState(false);
  return (
    <Field id={id} label={label ?? say('password')} error={error}>
      {(named) => (
        <div class="beside">
          <input {...named} type={shown ? 'text' : 'password'} value={value} maxLength={200} autoComplete={current ? 'current-password' : 'new-password'} onInput={(event) => onChange(event.currentTarget.value)} />
          <button type="button" class="peek" aria-pressed={shown} aria-controls={id} onClick={() => set(!shown)}>
            {say(shown ? 'hide' : 'show')}
          </button>
        </div>
      )}
    </Field>
  );
}
