#include "pyro/stats/icc.hpp"

#include <algorithm>
#include <cmath>

#include "pyro/stats/distributions.hpp"
#include "pyro/stats/moments.hpp"

namespace pyro::stats {
namespace {

// ICC(1) and ICC(C,1) have one form: they differ in the error's mean square and degrees.
IccForm ratio_form(double between, double error, double df1, double df2, double k) {
  IccForm out;
  out.icc.value = (between - error) / (between + (k - 1) * error);
  out.f = between / error;
  out.df1 = df1;
  out.df2 = df2;
  out.p = f_upper(out.f, df1, df2);
  if (error == 0) {
    out.icc.interval = {1, 1};
    return out;
  }
  const double low = out.f / f_quantile(kUpperEnd, df1, df2), high = out.f * f_quantile(kUpperEnd, df2, df1);
  out.icc.interval = {(low - 1) / (low + k - 1), (high - 1) / (high + k - 1)};
  return out;
}

// n persons, k measurements; mean squares of rows, columns, error.
IccForm agreement_form(double rows, double columns, double error, double n, double k) {
  IccForm out;
  const double r = out.icc.value = (rows - error) / (rows + (k - 1) * error + k / n * (columns - error));
  out.f = rows / error;
  out.df1 = n - 1;
  out.df2 = (n - 1) * (k - 1);
  out.p = f_upper(out.f, out.df1, out.df2);
  if (r >= 1) {
    out.icc.interval = {1, 1};
    return out;
  }
  const double a = k * r / (n * (1 - r)), b = 1 + k * r * (n - 1) / (n * (1 - r));
  const double a_part = a * columns, b_part = b * error;
  const double v = (a_part + b_part) * (a_part + b_part) /
                   (a_part * a_part / (k - 1) + b_part * b_part / ((n - 1) * (k - 1)));
  const double down = f_quantile(kUpperEnd, n - 1, v), up = f_quantile(kUpperEnd, v, n - 1);
  const double other = k * columns + (k * n - k - n) * error;
  out.icc.interval = {n * (rows - down * error) / (down * other + n * rows),
                      n * (up * rows - error) / (other + n * up * rows)};
  return out;
}

}  // namespace

Result<Icc> icc(const std::vector<std::vector<double>>& table) {
  Icc out;
  out.persons = table.size();
  if (table.size() < 3)
    return bad_input(
        "an intraclass correlation needs at least 3 persons with repeated measurements; there are " +
        std::to_string(table.size()));
  out.measurements = table.front().size();
  if (out.measurements < 2)
    return bad_input("an intraclass correlation needs at least 2 measurements a person");
  std::vector<double> all;
  for (const std::vector<double>& row : table) {
    if (row.size() != out.measurements) return bad_input("persons have different numbers of measurements");
    all.insert(all.end(), row.begin(), row.end());
  }
  if (!std::ranges::all_of(all, [](double value) { return std::isfinite(value); }))
    return bad_input("a measurement is not finite");
  if (constant(all))
    return bad_input("all measurements are the same: an intraclass correlation is undefined");
  const auto n = static_cast<double>(out.persons), k = static_cast<double>(out.measurements);
  const double grand = mean(all);
  std::vector<double> column_means(out.measurements);
  double total = 0, rows = 0, columns = 0;
  for (const std::vector<double>& row : table) {
    const double from_grand = mean(row) - grand;
    rows += k * from_grand * from_grand;
    for (std::size_t j = 0; j < row.size(); ++j) {
      column_means[j] += row[j] / n;
      total += (row[j] - grand) * (row[j] - grand);
    }
  }
  for (const double column : column_means) columns += n * (column - grand) * (column - grand);
  const double within = (total - rows) / (n * (k - 1));
  // Rounding may leave a little below zero where measurements repeat exactly.
  const double left = total - rows - columns;
  const double error = left > total * 1e-14 ? left / ((n - 1) * (k - 1)) : 0;
  rows /= n - 1;
  columns /= k - 1;
  out.one = ratio_form(rows, std::max(within, 0.0), n - 1, n * (k - 1), k);
  out.consistency = ratio_form(rows, error, n - 1, (n - 1) * (k - 1), k);
  out.agreement = agreement_form(rows, columns, error, n, k);
  return out;
}

}  // namespace pyro::stats
