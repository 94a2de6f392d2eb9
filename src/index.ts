
export * from './synthesis';
export * from './openshift';
export * from './certificate';
export * from './machine-config';
export * from './cluster';
export * from './cert-import';
export * from './endpoint';
export * from './verification';
export * from './check';
