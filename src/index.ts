export * from './certificate';
export * from './openshift';
export * from './synthesis';
