export type { Labels, Operator, Requirement } from './requirement.ts';
export { formatLabels, formatLabelSelector, nothing, parseSelector, type Selector, selectorFromLabelSelector, selectorFromSet, selectorToLabels } from './selector.ts';
