/* What is said of organisations and of authorities to act for somebody, in lists and on their pages. */
import type { DeskMandate, DeskOrganisation } from '../../api';
import { sayFrom, type Tone, type Words } from '../../shared/words';

type OrgState = NonNullable<DeskOrganisation['state']>;
type MandateState = NonNullable<DeskMandate['state']>;

const kinds = {
  enterprise: ['Doanh nghiệp, tổ chức', 'Enterprise'],
  household: ['Hộ kinh doanh', 'Household business'],
  parent: ['Cha, mẹ', 'Parent'],
  guardian: ['Người giám hộ', 'Guardian'],
  proxy: ['Người được uỷ quyền', 'Proxy'],
} as const satisfies Words;
const kind = sayFrom(kinds);
export const kindWord = (of: keyof typeof kinds | undefined): string => (of ? kind(of) : '');
export const mandateKinds = ['parent', 'guardian', 'proxy'] as const;

const states = {
  offered: ['Chờ nhận uỷ quyền', 'Offered'],
  pending: ['Chờ xác nhận', 'Waits to be confirmed'],
  confirmed: ['Đã xác nhận', 'Confirmed'],
  active: ['Đang có hiệu lực', 'In force'],
  declined: ['Đã từ chối', 'Declined'],
  refused: ['Không được xác nhận', 'Not confirmed'],
  ended: ['Đã chấm dứt', 'Ended'],
  over: ['Đã hết hạn', 'Over'],
} as const satisfies Words;
const state = sayFrom(states);
const tones: Partial<Record<OrgState | MandateState, Tone>> = { pending: 'warn', confirmed: 'good', active: 'good', refused: 'bad' };
export const standingWord = (of: OrgState | MandateState | undefined): string => (of ? state(of) : '');
export const toneOfStanding = (of: OrgState | MandateState | undefined): Tone => (of && tones[of]) ?? 'plain';
export const orgStates = ['pending', 'confirmed', 'refused', 'ended'] as const satisfies OrgState[];
export const mandateStates = ['pending', 'active', 'refused', 'ended'] as const satisfies MandateState[];

const scopes = {
  reports: ['Phản ánh hiện trường', 'Field reports'],
  dossiers: ['Hồ sơ dịch vụ công', 'Dossiers'],
  documents: ['Kho giấy tờ', 'Documents'],
} as const satisfies Words;
export const scopeWord = (code: string): string => (code in scopes ? sayFrom(scopes)(code as keyof typeof scopes) : code);

/* Where they are found: a list of each, and one by its id. */
export const asks = ['organisations', 'mandates'] as const;
export type Asked = (typeof asks)[number];
export const asked = (query: URLSearchParams): Asked => (query.get('view') === 'mandates' ? 'mandates' : 'organisations');
export function confirmationAt(what: Asked, id?: string, standing?: string): string {
  const query = new URLSearchParams({ ...(what === 'mandates' && { view: what }), ...(standing && { state: standing }) });
  return `/desk/confirmations${id ? `/${id}` : ''}${query.size ? `?${query}` : ''}`;
}
