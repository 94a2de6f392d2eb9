/** A reporter that ends with the first test that fails: what one test has noticed needs no other, and jest's `bail` counts whole files. */
module.exports = class FirstFailure {
  onTestCaseResult(test, { status }) {
    if (status === 'failed') process.exit(1);
  }
};
