/* Web Authentication between what the interface speaks (JSON of Level 3) and what browsers have. */
import type { PasskeyNewBody, PasskeyOptions, PasskeySignInBody, PasskeyStatus } from '../../api';
import { Problem, exchange } from '../../shared/call';
import { say } from '../words';

const toBytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

function toText(buffer: ArrayBuffer): string {
  let binary = '';
  for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

type Listed = Array<{ id: string; type: 'public-key' }> | undefined;
const descriptors = (list: Listed): PublicKeyCredentialDescriptor[] => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

/* The server wants them at all, and for the domain that this page stands on. */
export async function findPasskeys(): Promise<boolean> {
  if (!isSecureContext || typeof PublicKeyCredential !== 'function') return false;
  try {
    const reply = await exchange('/v1/auth/passkey', {});
    const { on, rp_id: domain } = (await reply.json()) as PasskeyStatus;
    return on && domain !== undefined && (location.hostname === domain || location.hostname.endsWith(`.${domain}`));
  } catch {
    return false; // passwords go on
  }
}

/* What became of it, in words that a person can act on; anything else is thrown on. */
export function wordsOf(error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (!(error instanceof DOMException)) throw error;
  if (error.name === 'NotAllowedError' || error.name === 'AbortError') return say('cancelled');
  if (error.name === 'InvalidStateError') return say('already');
  return say(error.name === 'SecurityError' ? 'insecure' : 'unable');
}

type Made = PasskeyNewBody['credential'];
type Used = PasskeySignInBody['credential'];

export async function makeKey(asked: PasskeyOptions): Promise<Made> {
  const options = asked.public_key as unknown as { challenge: string; user: { id: string; name: string; displayName: string }; excludeCredentials?: Listed } & Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'>;
  const publicKey = { ...options, challenge: toBytes(options.challenge), user: { ...options.user, id: toBytes(options.user.id) }, excludeCredentials: descriptors(options.excludeCredentials) };
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    type: 'public-key',
    response: { clientDataJSON: toText(response.clientDataJSON), attestationObject: toText(response.attestationObject), transports: response.getTransports?.() ?? [] },
  } as Made;
}

export async function useKey(asked: PasskeyOptions): Promise<Used> {
  const options = asked.public_key as unknown as { challenge: string; allowCredentials?: Listed } & Omit<PublicKeyCredentialRequestOptions, 'challenge' | 'allowCredentials'>;
  const publicKey = { ...options, challenge: toBytes(options.challenge), allowCredentials: descriptors(options.allowCredentials) };
  const used = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    id: used.id,
    type: 'public-key',
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  } as Used;
}
