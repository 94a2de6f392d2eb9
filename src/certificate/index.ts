export { CaBundle } from './ca-bundle';
export { HubSecret, Pkcs12Bundle, Pkcs12BundleOptions } from './pkcs12-bundle';
