/* The picture of a category: one of those that there are, or the neutral one. */
import { CategoryIcon, categoryIcons, type CategoryIconName } from '../../shared/parts/category-icon';
import { Choices } from '../../shared/parts/ui';
import { sayFrom, type Words } from '../../shared/words';

const own = sayFrom({
  icon: ['Hình', 'Picture'],
  other: ['Chung', 'Neutral'],
  order: ['Trật tự', 'Order'],
  road: ['Đường sá', 'Road'],
  environment: ['Môi trường', 'Environment'],
  waste: ['Rác', 'Waste'],
  idea: ['Góp ý', 'Idea'],
  health: ['Y tế', 'Health'],
  school: ['Trường học', 'School'],
  light: ['Điện, đèn', 'Light'],
  water: ['Nước', 'Water'],
  law: ['Pháp luật', 'Law'],
  paper: ['Giấy tờ', 'Paper'],
  complaint: ['Khiếu nại', 'Complaint'],
  tree: ['Cây xanh', 'Tree'],
  traffic: ['Giao thông', 'Traffic'],
  house: ['Nhà ở, xây dựng', 'Building'],
  market: ['Chợ, buôn bán', 'Market'],
  boat: ['Sông biển', 'Boat'],
  animal: ['Động vật', 'Animal'],
  fire: ['Cháy nổ', 'Fire'],
} as const satisfies Words & Record<CategoryIconName, unknown>);

export const IconPick = ({ value, onChange }: { value: CategoryIconName | undefined; onChange: (icon: CategoryIconName | undefined) => void }) => (
  <Choices
    name="category-icon"
    legend={own('icon')}
    compact
    options={(['other', ...categoryIcons] as const).map((one) => [one, own(one), undefined, <CategoryIcon name={one} size={22} />] as const)}
    value={value ?? 'other'}
    onChange={(icon) => onChange(icon === 'other' ? undefined : icon)}
  />
);
