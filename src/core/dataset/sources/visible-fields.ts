import type { RecordedColumn } from '../../reading/recorded-episode.js';
import type { View } from '../dataset-document.js';
import type { RowSpec } from './row-spec.js';

export interface Deployability {
  readonly isDeployable: boolean;
  readonly row: RowSpec;
}

/**
 * The fields of a source that a view holds. A field may be an oracle in a source that is none, and so may a column of an
 * array's records: then the array is held without it.
 */
export function visibleFields({ isDeployable, row }: Deployability, view: View): RecordedColumn[] {
  return row.own.flatMap((field) => {
    const isAvailable = isDeployable && field.availableInDeployment;
    if (field.type !== 'array') return isVisible(view, isAvailable) ? [field] : [];
    const items = field.items.filter((item) => isVisible(view, isAvailable && item.availableInDeployment));
    const keys = field.items.filter(({ isKey }) => isKey);
    if (items.every(({ isKey }) => isKey) && items.length < field.items.length) return [];
    return [
      {
        ...field,
        items: field.items.filter((item) => items.includes(item) || (view !== 'deployable' && keys.includes(item))),
      },
    ];
  });
}

export const isInView = (source: Deployability, view: View): boolean => visibleFields(source, view).length > 0;

const isVisible = (view: View, isDeployable: boolean): boolean =>
  view === 'all' || isDeployable === (view === 'deployable');
