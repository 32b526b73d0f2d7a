/* Categories of reports: in their order, each with what it asks; those that are no longer used stay. */
import { useState } from 'preact/hooks';
import type { AdminCategory } from '../../api';
import { get } from '../../shared/call';
import { CategoryIcon } from '../../shared/parts/category-icon';
import { Button, ButtonLink, Empty, Tag } from '../../shared/parts/ui';
import { Link, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { say } from '../words';
import { CategoryForm } from './category-form';
import { Frame, Shown } from './frame';
import { ImportRows } from './import';

const own = sayFrom({
  add: ['Thêm lĩnh vực', 'Add a category'],
  retired: ['Ngừng dùng', 'Retired'],
  approval: ['Lãnh đạo duyệt', 'Approved by a leader'],
  proof: ['Cần ảnh kết quả', 'Wants a photo'],
  redirect: ['Chuyển nơi khác', 'Sent elsewhere'],
  questions: ['{0} câu hỏi', '{0} questions'],
  empty: ['Chưa có lĩnh vực nào.', 'There are no categories yet.'],
  none: ['Không có lĩnh vực này.', 'There is no such category.'],
  allCategories: ['Mọi lĩnh vực', 'All categories'],
});

export const useCategories = () => useLoaded(async () => (await get('/v1/admin/categories')).items, 'admin categories');

const askedBy = (one: AdminCategory): number => Object.keys((one.questions as { properties?: object } | undefined)?.properties ?? {}).length;

const Rows = ({ categories }: { categories: AdminCategory[] }) => (
  <ul class="lines-list">
    {categories.map((one) => (
      <li key={one.code} class="line">
        <Link href={`/desk/admin/categories?code=${encodeURIComponent(one.code!)}`} class={one.active ? 'line-link admin-line' : 'line-link admin-line retired'}>
          <span class="line-main">
            <span class="of-category">
              <CategoryIcon name={one.icon} size={20} />
              <strong>{one.name}</strong>
            </span>
            <small class="soft">
              {' '}
              {one.name_en} · {one.code}
            </small>
          </span>
          <span class="line-where">
            {!one.active && <Tag tone="bad">{own('retired')}</Tag>}
            {one.redirect && <Tag tone="warn">{own('redirect')}</Tag>}
            {one.approval && <Tag tone="info">{own('approval')}</Tag>}
            {one.proof && <Tag>{own('proof')}</Tag>}
          </span>
          <span class="line-state small">{askedBy(one) > 0 && own('questions', askedBy(one))}</span>
        </Link>
      </li>
    ))}
  </ul>
);

export function Categories({ where }: { where: Where }) {
  const list = useCategories();
  const [importing, setImporting] = useState(false);
  const code = where.query.get('code');
  const chosen = list.data?.find((one) => one.code === code);
  const finish = (again: boolean) => (setImporting(false), again && list.again());
  const title = code === '' ? own('add') : chosen ? named(chosen) : undefined;
  return (
    <Frame
      part="categories"
      {...(title && { title })}
      beside={
        code === null && (
          <div class="row end">
            <Button icon="share" onClick={() => setImporting(true)}>
              {say('importFile')}
            </Button>
            <ButtonLink look="main" icon="plus" href="/desk/admin/categories?code=">
              {own('add')}
            </ButtonLink>
          </div>
        )
      }
    >
      <Shown of={list}>
        {(categories) =>
          code === null ? (
            categories.length ? (
              <Rows categories={categories} />
            ) : (
              <Empty icon="list" title={own('empty')} />
            )
          ) : (
            <>
              <div class="row">
                <ButtonLink href="/desk/admin/categories" icon="back" look="quiet">
                  {own('allCategories')}
                </ButtonLink>
              </div>
              {code === '' || chosen ? <CategoryForm key={`${code} ${chosen?.revision ?? 0}`} category={chosen} next={Math.max(0, ...categories.map((one) => one.rank)) + 10} again={list.again} /> : <Empty icon="search" title={own('none')} />}
            </>
          )
        }
      </Shown>
      {importing && list.data && <ImportRows of="categories" rows={list.data} onDone={finish} />}
    </Frame>
  );
}
