/** What @lobby/net-frame/testing offers: values that whoever checks what it is given must survive. */
export { hostileValues } from './hostile-values.ts';
