// npm run webpack: nothing here is for the kit; webpack 5 brings its files by itself.
export default {
  mode: 'production',
  entry: ['./app.js', './index.html', './public/icon.svg'],
  output: {path: `${import.meta.dirname}/dist/webpack`, filename: 'app.js', clean: true},
  performance: {hints: false}, // engines and networks are no small files
  module: {rules: [{test: /\.(html|svg)$/, type: 'asset/resource', generator: {filename: '[name][ext]'}}]},
};
