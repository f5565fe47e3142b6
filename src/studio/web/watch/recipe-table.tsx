// The recipe of a run, key by key.

export function RecipeTable({ recipe }: { recipe: Readonly<Record<string, unknown>> }) {
  const rows = Object.entries(recipe).filter(([key]) => key !== "resolved");
  return (
    <details class="card pad recipe">
      <summary>Recipe</summary>
      <table>
        <tbody>
          {rows.map(([key, value]) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td>{typeof value === "string" ? value : JSON.stringify(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
