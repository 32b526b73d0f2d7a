/* The number of the card that is shown: typed, or the code of the card read by a hand scanner or the camera. */
import { useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { Button, Field } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { CameraDialog } from './camera';
import { readCard } from './card';
import { hasCamera } from './reader';

const own = sayFrom({
  card: ['Số định danh trên thẻ căn cước được xuất trình', 'Number of the card that is shown'],
  help: ['Gõ 12 chữ số, hoặc quét mã QR trên thẻ.', 'Type its 12 digits, or scan its QR code.'],
  nobody: ['Không có tài khoản nào mang số định danh này.', 'No account has this card number.'],
  camera: ['Quét bằng camera', 'Scan by camera'],
});

/* undefined: nobody has that card, which is said at its field. */
export async function orNobody<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
}
export const nobodyHas = (): { card: string } => ({ card: own('nobody') });

/* What was typed or scanned, as the number alone. */
export const cardIn = (text: string): string => readCard(text)?.card ?? text.replace(/\s/g, '');

export function CardField({ id, value, set, error, optional = false }: { id: string; value: string; set: (value: string) => void; error: string | undefined; optional?: boolean }) {
  const [camera, setCamera] = useState(false);
  return (
    <>
      <Field id={id} label={own('card')} help={own('help')} error={error} optional={optional}>
        {(labelled) => (
          <div class="row">
            <input
              {...labelled}
              class="grow"
              type="text"
              inputMode="numeric"
              maxLength={400}
              autoComplete="off"
              spellcheck={false}
              value={value}
              onInput={(event) => set(readCard(event.currentTarget.value)?.card ?? event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()} // a hand scanner ends with it
            />
            {hasCamera() && (
              <Button icon="camera" onClick={() => setCamera(true)}>
                {own('camera')}
              </Button>
            )}
          </div>
        )}
      </Field>
      {camera && (
        <CameraDialog
          onDone={(text) => {
            setCamera(false);
            if (text) set(cardIn(text));
          }}
        />
      )}
    </>
  );
}
