/* Web Authentication between what the interface speaks (JSON of Level 3) and what browsers have. */

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

function toText(buffer) {
  let binary = '';
  for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

const descriptors = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

export const canPasskeys = () => window.isSecureContext && typeof window.PublicKeyCredential === 'function';

const isCancelled = (error) => error.name === 'NotAllowedError' || error.name === 'AbortError';

/* The word that tells a person what became of it; null for what is no matter of the browser's. */
export function faultWord(error) {
  if (!(error instanceof DOMException)) return null;
  if (isCancelled(error)) return 'cancelled';
  if (error.name === 'InvalidStateError') return 'already';
  return error.name === 'SecurityError' ? 'insecure' : 'unable';
}

/* Makes a key; RegistrationResponseJSON. */
export async function makeKey(options) {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: descriptors(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    id: made.id,
    type: made.type,
    response: {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

/* Uses a key; AuthenticationResponseJSON. */
export async function useKey(options) {
  const publicKey = { ...options, challenge: toBytes(options.challenge), allowCredentials: descriptors(options.allowCredentials) };
  const used = await navigator.credentials.get({ publicKey });
  return {
    id: used.id,
    type: used.type,
    response: {
      clientDataJSON: toText(used.response.clientDataJSON),
      authenticatorData: toText(used.response.authenticatorData),
      signature: toText(used.response.signature),
      userHandle: used.response.userHandle ? toText(used.response.userHandle) : null,
    },
  };
}
