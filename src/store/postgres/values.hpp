// Values as PostgreSQL's wire takes and gives them.
#pragma once

#include <libpq-fe.h>

#include "pyro/store/database.hpp"

namespace pyro::store::postgres {

// Of a binary result. Error: a type that is no Value.
[[nodiscard]] Result<Value> value_of(const PGresult* result, int row, int column);

// Numbers as text; text and bytes are sent as they are.
[[nodiscard]] std::string text_of(const Value& value);

// One field of a COPY in binary, its length before it. Error: the column's type does not take the value.
[[nodiscard]] Status append_field(std::string& out, const Value& value, Oid type);

void append_int16(std::string& out, std::int16_t value);

}  // namespace pyro::store::postgres
