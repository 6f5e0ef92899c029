'use strict';
document.documentElement.classList.add('js');
document.addEventListener('DOMContentLoaded', () => {
  const [nav, menu, found, input] = ['#site-nav', '.menu', '#site-found', '.search input'].map((it) => document.querySelector(it));
  menu.addEventListener('click', () => nav.classList.toggle('open'));
  nav.addEventListener('keydown', (event) => { if (event.key === 'Escape') nav.classList.remove('open'); });
  document.querySelector('.theme').addEventListener('click', () => {
    const { dataset } = document.documentElement;
    if (dataset.theme) delete dataset.theme;
    else dataset.theme = 'dark';
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && document.activeElement !== input) { event.preventDefault(); input.focus(); }
    if (event.key === 'Escape') found.hidden = true;
    if (event.key === 'ArrowDown') found.querySelector('a')?.focus();
    if (event.key === 'Enter' && document.activeElement === input) location.href = 'quiz/sdr.html';
  });
  input.addEventListener('input', () => {
    found.hidden = false;
    found.querySelector('ul').innerHTML = '<li><a href="quiz/sdr.html">Quiz</a></li>';
  });
});
