// Before anything is painted: a page that was told to be dark must not flash.
{
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
}
