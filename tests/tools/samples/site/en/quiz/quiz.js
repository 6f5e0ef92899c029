'use strict';
document.addEventListener('change', ({ target }) => {
  const question = target.closest('fieldset');
  if (target.value === question.dataset.answer) question.querySelector('details').open = true;
  document.querySelector('.score').textContent = '1 of 1';
});
