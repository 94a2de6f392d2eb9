export { CaBundle } from './ca-bundle';
export { Pkcs12Bundle, Pkcs12BundleOptions } from './pkcs12-bundle';
