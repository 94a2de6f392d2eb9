import DefaultTheme from 'vitepress/theme-without-fonts';
import { nextTick, onMounted, watch } from 'vue';
import { useData, useRoute } from 'vitepress';

/** The pictures are drawn here, in the colours of the page. */
async function draw(isDark) {
  await nextTick();
  const pictures = document.querySelectorAll('pre.mermaid');
  if (pictures.length === 0) return;
  const { default: mermaid } = await import('mermaid');
  mermaid.initialize({ startOnLoad: false, theme: isDark ? 'dark' : 'default', fontFamily: 'inherit' });
  for (const picture of pictures) {
    picture.dataset.source ??= picture.textContent;
    picture.textContent = picture.dataset.source;
    delete picture.dataset.processed;
  }
  await mermaid.run({ nodes: pictures });
}

export default {
  extends: DefaultTheme,
  setup() {
    const { isDark } = useData();
    const route = useRoute();
    onMounted(() => draw(isDark.value));
    watch([() => route.path, isDark], () => draw(isDark.value));
  },
};
