export * from './machine-config';
export * from './openshift';
export * from './synthesis';
