/* The name of a category behind its picture, as a heading's words. */
import { CategoryIcon } from '../../shared/parts/category-icon';
import { categoryIcon, categoryName, type Catalogue } from '../lib/catalogue';

export const OfCategory = ({ code, catalogue }: { code: string | undefined; catalogue: Catalogue | undefined }) => (
  <span class="of-category">
    <CategoryIcon name={categoryIcon(catalogue, code)} size={20} />
    <span>{categoryName(catalogue, code)}</span>
  </span>
);
