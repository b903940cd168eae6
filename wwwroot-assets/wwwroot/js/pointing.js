// What the mouse does when it is pressed on a row and moved: on what shows the entry (picture, name), or on anything of a selected one,
// it takes the entry along (drag.js); elsewhere it draws a rectangle that selects (marquee.js).

export function takesAlong(row, target) {
  return row.getAttribute('aria-selected') === 'true' || !!target.closest('.c-name a, .c-name .icon, .tile-picture, .tile-name');
}
