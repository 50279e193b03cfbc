#include "pyro/html/table.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "markup.hpp"

namespace pyro::html {
namespace {

std::string inside(const Cell& cell) {
  if (cell.link.empty()) return escape(cell.text);
  return "<a" + attribute("href", cell.link) + ">" + escape(cell.text) + "</a>";
}

std::string cell(std::string_view tag, const Cell& cell) {
  return std::string("<").append(tag).append(cell.number ? " class=\"n\">" : ">").append(inside(cell)) +
         "</" + std::string(tag) + ">";
}

}  // namespace

Cell Cell::count(long long value, std::string_view to) {
  Cell cell(grouped(value), to);
  cell.number = true;
  return cell;
}

Cell Cell::value(double value, int decimals, std::string_view to) {
  Cell cell(fixed(value, decimals), to);
  cell.number = true;
  return cell;
}

Cell Cell::percent(double share, int decimals, std::string_view to) {
  Cell cell(std::isfinite(share) ? fixed(100 * share, decimals) + " %" : "–", to);
  cell.number = true;
  return cell;
}

Html table(const Table& table) {
  std::string out = "<div class=\"scroll\"><table>\n";
  if (!table.caption.empty()) out += element("caption", table.caption) + "\n";
  out += "<thead><tr>";
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    Cell heading = table.header[i];
    // A heading stands over its figures.
    heading.number = heading.number || std::ranges::any_of(table.rows, [i](const std::vector<Cell>& row) {
                       return i < row.size() && row[i].number;
                     });
    out += cell("th", heading);
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const std::vector<Cell>& row : table.rows) {
    out += table.total_row && &row == &table.rows.back() ? "<tr class=\"total\">" : "<tr>";
    for (const Cell& one : row) out += cell("td", one);
    out += "</tr>\n";
  }
  return {out + "</tbody></table></div>\n"};
}

Html matrix(const Matrix& matrix) {
  std::string out = "<div class=\"scroll\"><table class=\"matrix\">\n";
  if (!matrix.caption.empty()) out += element("caption", matrix.caption) + "\n";
  out += "<thead><tr>" + element("th", matrix.row_title + " \\ " + matrix.column_title);
  for (const std::string& column : matrix.columns) out += element("th", column);
  out += "</tr></thead>\n<tbody>\n";
  for (std::size_t r = 0; r < matrix.counts.size(); ++r) {
    const std::vector<long long>& row = matrix.counts[r];
    const auto sum = static_cast<double>(std::accumulate(row.begin(), row.end(), 0LL));
    out += "<tr>" + element("th", r < matrix.rows.size() ? matrix.rows[r] : "");
    for (std::size_t c = 0; c < row.size(); ++c) {
      const double share = sum > 0 ? static_cast<double>(row[c]) / sum : 0;
      const std::string link =
          r < matrix.links.size() && c < matrix.links[r].size() ? matrix.links[r][c] : "";
      // From here on white letters have the greater contrast on light paper, 4.5:1 as black ones below; on
      // dark paper all are white.
      const std::string classes = std::string(share >= 0.69 ? "hot " : "") + (r == c ? "hit" : "");
      const std::string tag = link.empty() ? "span" : "a";
      out += "<td" + attribute("class", classes) + " style=\"--v:" + fixed(share, 3) + "\"><" + tag +
             attribute("href", link) + ">" + grouped(row[c]) + "<small>" + fixed(100 * share, 1);
      out.append(" %</small></").append(tag).append("></td>");
    }
    out += "</tr>\n";
  }
  return {out + "</tbody></table></div>\n"};
}

}  // namespace pyro::html
