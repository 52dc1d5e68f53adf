// npm run vite, npm run dev: with Vite 8 nothing here is for the kit; up to Vite 7 the development server needs one line.
export default {
  base: './', // dist/vite may be sent from any folder
  build: {outDir: 'dist/vite'},
  optimizeDeps: {exclude: ['face-emotion-kit']}, // up to Vite 7
};
