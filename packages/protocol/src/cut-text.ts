/**
 * The beginning of a text, at most so many code points: as schemas count. No character is cut in two, and a
 * text that is short enough is the same.
 */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  for (let left = most; left > 0 && end < text.length; left -= 1)
    end += (text.codePointAt(end) as number) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}
