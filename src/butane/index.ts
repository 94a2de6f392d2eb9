export { Butane, ButaneCompileOptions, ButaneResult, ButaneWarning } from './butane';
export { Compression } from './compression';
