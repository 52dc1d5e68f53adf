@file:JvmName("-Assignment")

package org.faceemotionkit.core

/**
 * The column assigned to each row so that the total cost is least; null where columns run out.
 *
 * The Hungarian method with potentials, in O(rows² · columns): rows are added one by one, each along a shortest
 * augmenting path; of equal steps the lowest column is taken. Where there are more rows than columns, both change
 * places.
 *
 * @param costs rows of equal length
 */
internal fun assign(costs: List<List<Double>>): List<Int?> {
    if (costs.isEmpty() || costs[0].isEmpty()) return costs.map { null }
    val rows = costs.size
    val columns = costs[0].size
    if (rows > columns) {
        val assigned = arrayOfNulls<Int>(rows)
        assign(List(columns) { column -> costs.map { it[column] } }).forEachIndexed { column, row ->
            if (row != null) assigned[row] = column
        }
        return assigned.toList()
    }
    val rowPotential = DoubleArray(rows)
    val columnPotential = DoubleArray(columns)
    val rowOf = IntArray(columns) { NONE }
    for (start in 0 until rows) {
        val slack = DoubleArray(columns) { Double.POSITIVE_INFINITY }
        val before = IntArray(columns) { NONE }
        val done = BooleanArray(columns)
        var row = start
        var column = NONE
        while (true) {
            var next = NONE
            for (other in 0 until columns) {
                if (done[other]) continue
                val reduced = costs[row][other] - rowPotential[row] - columnPotential[other]
                if (reduced < slack[other]) {
                    slack[other] = reduced
                    before[other] = column
                }
                if (next == NONE || slack[other] < slack[next]) next = other
            }
            column = next
            val step = slack[column]
            rowPotential[start] += step
            for (other in 0 until columns) {
                if (done[other]) {
                    rowPotential[rowOf[other]] += step
                    columnPotential[other] -= step
                } else {
                    slack[other] -= step
                }
            }
            done[column] = true
            if (rowOf[column] == NONE) break
            row = rowOf[column]
        }
        while (column != NONE) {
            val previous = before[column]
            rowOf[column] = if (previous == NONE) start else rowOf[previous]
            column = previous
        }
    }
    val assigned = arrayOfNulls<Int>(rows)
    rowOf.forEachIndexed { column, row -> if (row != NONE) assigned[row] = column }
    return assigned.toList()
}

private const val NONE = -1
