/* The few parts that pages are made of. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Problem } from '../call';
import { Link, back, first } from '../router';
import { titlePage } from '../title';
import { say, type Tone } from '../words';
import { Icon, type IconName } from './icon';

type ButtonProps = Omit<JSX.HTMLAttributes<HTMLButtonElement>, 'icon' | 'size'> & { look?: 'main' | 'second' | 'quiet' | 'danger'; icon?: IconName; busy?: boolean; wide?: boolean; type?: 'button' | 'submit'; disabled?: boolean; children: ComponentChildren };

export function Button({ look = 'second', icon, busy = false, wide = false, type = 'button', disabled = false, children, ...rest }: ButtonProps) {
  return (
    <button type={type} class={`button ${look}${wide ? ' wide' : ''}`} disabled={disabled || busy} aria-busy={busy} {...rest}>
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} size={20} />}
      <span>{children}</span>
    </button>
  );
}

export const ButtonLink = ({ href, look = 'second', icon, wide, children }: { href: string; look?: string; icon?: IconName; wide?: boolean; children: ComponentChildren }) => (
  <Link href={href} class={`button ${look}${wide ? ' wide' : ''}`}>
    {icon && <Icon name={icon} size={20} />}
    <span>{children}</span>
  </Link>
);

export const Tag = ({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) => <span class={`tag ${tone}`}>{children}</span>;

export const Note = ({ tone = 'info', icon, children, live = false }: { tone?: Tone; icon?: IconName; children: ComponentChildren; live?: boolean }) => (
  <div class={`note ${tone}`} role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
    {icon && <Icon name={icon} size={20} />}
    <div>{children}</div>
  </div>
);

export const Loading = () => (
  <div class="loading" role="status">
    <span class="spinner" aria-hidden="true" />
    <span>{say('loading')}</span>
  </div>
);

/* page: it stands for the whole page, whose heading it is. */
export const Empty = ({ icon, title, page = false, children }: { icon: IconName; title: string; page?: boolean; children?: ComponentChildren }) => (
  <div class="empty">
    <Icon name={icon} size={40} />
    {page ? <Title>{title}</Title> : <h2>{title}</h2>}
    {children}
  </div>
);

export const wordsOf = (error: unknown): string => {
  if (error instanceof Problem) return error.message;
  throw error;
};

/* What could not be loaded, and a way on. */
export function Failed({ error, again, page = false }: { error: unknown; again: () => void; page?: boolean }) {
  if (error instanceof Problem && error.status === 404)
    return (
      <Empty icon="search" title={say('notFound')} page={page}>
        <p>{say('notFoundWords')}</p>
        <ButtonLink href={first()}>{say('toHome')}</ButtonLink>
      </Empty>
    );
  return (
    <Empty icon={error instanceof Problem && error.status === 0 ? 'cloudOff' : 'warn'} title={wordsOf(error)} page={page}>
      <Button onClick={again}>{say('again')}</Button>
    </Empty>
  );
}

/* A page of which nothing could be loaded: it has its heading all the same, and leads on. */
export const FailedPage = ({ title, up = '/', error, again }: { title?: string; up?: string; error: unknown; again: () => void }) => (
  <>
    <Title up={up}>{title ?? say('pageFailed')}</Title>
    <Failed error={error} again={again} />
  </>
);

/* The heading of a page; it takes the focus when the page is opened, so that a screen reader says where one is. */
export function Title({ children, up, beside }: { children: ComponentChildren; up?: string | undefined; beside?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    titlePage(heading.current?.textContent ?? '');
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="title">
      {up && (
        <button type="button" class="round" aria-label={say('back')} onClick={() => back(up)}>
          <Icon name="back" />
        </button>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
      {beside}
    </div>
  );
}

/* A page that one goes through from end to end: on a phone, what leads elsewhere steps aside. */
export function useFlow(): void {
  useEffect(() => {
    document.body.classList.add('flow');
    return () => document.body.classList.remove('flow');
  }, []);
}

interface FieldProps {
  id: string;
  label: ComponentChildren;
  help?: string | undefined;
  error?: string | undefined;
  optional?: boolean;
  children: (described: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }) => ComponentChildren;
}

export function Field({ id, label, help, error, optional = false, children }: FieldProps) {
  const ids = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div class="field">
      <label for={id}>
        {label} {optional && <span class="soft">({say('optional')})</span>}
      </label>
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {children({ id, 'aria-describedby': ids, 'aria-invalid': Boolean(error) })}
      {error && (
        <p class="error" id={`${id}-error`}>
          <Icon name="warn" size={16} /> {error}
        </p>
      )}
    </div>
  );
}

/* One of a few, as large buttons; a picture stands where the button's own circle would. */
export function Choices<T extends string>({ name, legend, options, value, onChange, error, compact = false }: { compact?: boolean; name: string; legend: ComponentChildren; options: ReadonlyArray<readonly [code: T, label: string, hint?: string, picture?: ComponentChildren]>; value: T | undefined; onChange: (value: T) => void; error?: string | undefined }) {
  return (
    <fieldset class={compact ? 'choices compact' : 'choices'} aria-describedby={error ? `${name}-error` : undefined}>
      <legend>{legend}</legend>
      {options.map(([code, label, hint, picture]) => (
        <label key={code} class={picture ? 'choice pictured' : 'choice'}>
          <input type="radio" name={name} value={code} checked={value === code} onChange={() => onChange(code)} />
          {picture && <span class="picture">{picture}</span>}
          <span>
            {label}
            {hint && <small>{hint}</small>}
          </span>
        </label>
      ))}
      {error && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </fieldset>
  );
}

export const Check = ({ id, checked, onChange, children, hint }: { id: string; checked: boolean; onChange: (checked: boolean) => void; children: ComponentChildren; hint?: string }) => (
  <label class="choice check" for={id}>
    <input id={id} type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    <span>
      {children}
      {hint && <small>{hint}</small>}
    </span>
  </label>
);

/*
 * A dialog of the browser's own: focus stays in it, Escape closes it. So does a click beside it, until something was
 * typed; but not the second click of two, of which the first opened it or made it smaller.
 */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titled = useId();
  const typed = useRef(false);
  const gone = useRef(false); // taken off the page by who showed it: that is no closing by a person
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      gone.current = true;
      shown?.close();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={titled} onClose={() => gone.current || onClose()} onInput={() => void (typed.current = true)} onClick={(event) => event.target === dialog.current && !typed.current && event.detail < 2 && onClose()}>
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={titled}>{title}</h2>
          <button type="button" class="round" aria-label={say('close')} onClick={onClose}>
            <Icon name="cross" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
