export function isCount(value: any): boolean;
export function isShare(value: any): boolean;
export function hasEyes(value: any): boolean;
