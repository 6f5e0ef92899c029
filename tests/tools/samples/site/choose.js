'use strict';
document.addEventListener('DOMContentLoaded', () => {
  if (navigator.languages.includes('en')) location.replace('en/index.html');
});
